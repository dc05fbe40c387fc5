;; The inverse DCT of JPEG (ITU-T T.81): the accurate integer one of Loeffler, Ligtenberg and Moschytz (1989), as most decoders
;; use it, so that values agree. Four columns at once. `npx tsx .ci/assemble.ts` makes main/study/inverse-dct-code.ts of it.
;;
;; Memory: 64 dequantized coefficients of 32 bits at 0, row by row; what the first pass makes of them at 256, the second at 512;
;; samples from 768 on, where the caller wants them.
(module
  (memory (export "memory") 1)

  ;; One pass over the first four or all eight $columns of 8 × 8 values at $from. Its results, rounded and shifted down by $shift, go to
  ;; $to, columns as rows. The constants are the factors of the paper in 13 bits, such as 0.541196100 × 8192.
  (func $pass (param $from i32) (param $to i32) (param $shift i32) (param $columns i32)
    (local $end i32) (local $round v128)
    (local $v0 v128) (local $v1 v128) (local $v2 v128) (local $v3 v128)
    (local $v4 v128) (local $v5 v128) (local $v6 v128) (local $v7 v128)
    (local $z v128) (local $e0 v128) (local $e1 v128) (local $e2 v128) (local $e3 v128)
    (local $y1 v128) (local $y2 v128) (local $y3 v128) (local $y4 v128)
    (local.set $end (i32.add (local.get $from) (i32.shl (local.get $columns) (i32.const 2))))
    (local.set $round (i32x4.splat (i32.shl (i32.const 1) (i32.sub (local.get $shift) (i32.const 1)))))
    (loop $half
      (local.set $v0 (v128.load          (local.get $from)))
      (local.set $v1 (v128.load offset=32  (local.get $from)))
      (local.set $v2 (v128.load offset=64  (local.get $from)))
      (local.set $v3 (v128.load offset=96  (local.get $from)))
      (local.set $v4 (v128.load offset=128 (local.get $from)))
      (local.set $v5 (v128.load offset=160 (local.get $from)))
      (local.set $v6 (v128.load offset=192 (local.get $from)))
      (local.set $v7 (v128.load offset=224 (local.get $from)))

      ;; Even part.
      (local.set $z (i32x4.mul (i32x4.add (local.get $v2) (local.get $v6)) (v128.const i32x4 4433 4433 4433 4433)))
      (local.set $e2 (i32x4.sub (local.get $z) (i32x4.mul (local.get $v6) (v128.const i32x4 15137 15137 15137 15137))))
      (local.set $e3 (i32x4.add (local.get $z) (i32x4.mul (local.get $v2) (v128.const i32x4 6270 6270 6270 6270))))
      (local.set $e0 (i32x4.add (i32x4.shl (i32x4.add (local.get $v0) (local.get $v4)) (i32.const 13)) (local.get $round)))
      (local.set $e1 (i32x4.add (i32x4.shl (i32x4.sub (local.get $v0) (local.get $v4)) (i32.const 13)) (local.get $round)))
      (local.set $v0 (i32x4.add (local.get $e0) (local.get $e3)))
      (local.set $v6 (i32x4.sub (local.get $e0) (local.get $e3)))
      (local.set $v2 (i32x4.add (local.get $e1) (local.get $e2)))
      (local.set $v4 (i32x4.sub (local.get $e1) (local.get $e2)))

      ;; Odd part.
      (local.set $y3 (i32x4.add (local.get $v7) (local.get $v3)))
      (local.set $y4 (i32x4.add (local.get $v5) (local.get $v1)))
      (local.set $z (i32x4.mul (i32x4.add (local.get $y3) (local.get $y4)) (v128.const i32x4 9633 9633 9633 9633)))
      (local.set $y1 (i32x4.mul (i32x4.add (local.get $v7) (local.get $v1)) (v128.const i32x4 -7373 -7373 -7373 -7373)))
      (local.set $y2 (i32x4.mul (i32x4.add (local.get $v5) (local.get $v3)) (v128.const i32x4 -20995 -20995 -20995 -20995)))
      (local.set $y3 (i32x4.sub (local.get $z) (i32x4.mul (local.get $y3) (v128.const i32x4 16069 16069 16069 16069))))
      (local.set $y4 (i32x4.sub (local.get $z) (i32x4.mul (local.get $y4) (v128.const i32x4 3196 3196 3196 3196))))
      (local.set $v7 (i32x4.add (i32x4.add (i32x4.mul (local.get $v7) (v128.const i32x4 2446 2446 2446 2446)) (local.get $y1)) (local.get $y3)))
      (local.set $v5 (i32x4.add (i32x4.add (i32x4.mul (local.get $v5) (v128.const i32x4 16819 16819 16819 16819)) (local.get $y2)) (local.get $y4)))
      (local.set $v3 (i32x4.add (i32x4.add (i32x4.mul (local.get $v3) (v128.const i32x4 25172 25172 25172 25172)) (local.get $y2)) (local.get $y3)))
      (local.set $v1 (i32x4.add (i32x4.add (i32x4.mul (local.get $v1) (v128.const i32x4 12299 12299 12299 12299)) (local.get $y1)) (local.get $y4)))

      ;; Rows 0 to 7 of the result: e0 e1 e2 e3, then y4 y3 y2 y1.
      (local.set $e0 (i32x4.shr_s (i32x4.add (local.get $v0) (local.get $v1)) (local.get $shift)))
      (local.set $y1 (i32x4.shr_s (i32x4.sub (local.get $v0) (local.get $v1)) (local.get $shift)))
      (local.set $e1 (i32x4.shr_s (i32x4.add (local.get $v2) (local.get $v3)) (local.get $shift)))
      (local.set $y2 (i32x4.shr_s (i32x4.sub (local.get $v2) (local.get $v3)) (local.get $shift)))
      (local.set $e2 (i32x4.shr_s (i32x4.add (local.get $v4) (local.get $v5)) (local.get $shift)))
      (local.set $y3 (i32x4.shr_s (i32x4.sub (local.get $v4) (local.get $v5)) (local.get $shift)))
      (local.set $e3 (i32x4.shr_s (i32x4.add (local.get $v6) (local.get $v7)) (local.get $shift)))
      (local.set $y4 (i32x4.shr_s (i32x4.sub (local.get $v6) (local.get $v7)) (local.get $shift)))

      ;; Both fours of rows, transposed.
      (local.set $v0 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $e0) (local.get $e1)))
      (local.set $v1 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $e0) (local.get $e1)))
      (local.set $v2 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $e2) (local.get $e3)))
      (local.set $v3 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $e2) (local.get $e3)))
      (v128.store          (local.get $to) (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $v0) (local.get $v2)))
      (v128.store offset=32 (local.get $to) (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $v0) (local.get $v2)))
      (v128.store offset=64 (local.get $to) (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $v1) (local.get $v3)))
      (v128.store offset=96 (local.get $to) (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $v1) (local.get $v3)))
      (local.set $v0 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $y4) (local.get $y3)))
      (local.set $v1 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $y4) (local.get $y3)))
      (local.set $v2 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $y2) (local.get $y1)))
      (local.set $v3 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $y2) (local.get $y1)))
      (v128.store offset=16 (local.get $to) (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $v0) (local.get $v2)))
      (v128.store offset=48 (local.get $to) (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $v0) (local.get $v2)))
      (v128.store offset=80 (local.get $to) (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $v1) (local.get $v3)))
      (v128.store offset=112 (local.get $to) (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $v1) (local.get $v3)))

      ;; The other four columns become the other four rows.
      (local.set $to (i32.add (local.get $to) (i32.const 128)))
      (br_if $half (i32.lt_u (local.tee $from (i32.add (local.get $from) (i32.const 16))) (local.get $end)))))

  ;; Half of a block becomes zero.
  (func $clear (param $at i32)
    (v128.store            (local.get $at) (v128.const i32x4 0 0 0 0))
    (v128.store offset=16  (local.get $at) (v128.const i32x4 0 0 0 0))
    (v128.store offset=32  (local.get $at) (v128.const i32x4 0 0 0 0))
    (v128.store offset=48  (local.get $at) (v128.const i32x4 0 0 0 0))
    (v128.store offset=64  (local.get $at) (v128.const i32x4 0 0 0 0))
    (v128.store offset=80  (local.get $at) (v128.const i32x4 0 0 0 0))
    (v128.store offset=96  (local.get $at) (v128.const i32x4 0 0 0 0))
    (v128.store offset=112 (local.get $at) (v128.const i32x4 0 0 0 0)))

  ;; Inverts the block at 0, which is zero afterwards, to samples of $bits bits, 16 bits each, at $target, a row every $pitch bytes.
  ;; $columns has bit x for coefficients in column x below its first row, bit 8 + x for any but the first of the block.
  (func (export "invert") (param $target i32) (param $pitch i32) (param $bits i32) (param $columns i32)
    (local $up i32) (local $at i32) (local $centre v128) (local $top v128) (local $flat v128)
    ;; Bits that the values between the passes have more than the samples.
    (local.set $up (select (i32.const 1) (i32.const 2) (i32.gt_u (local.get $bits) (i32.const 8))))
    (local.set $centre (i32x4.splat (i32.shl (i32.const 1) (i32.sub (local.get $bits) (i32.const 1)))))
    (local.set $top (i16x8.splat (i32.sub (i32.shl (i32.const 1) (local.get $bits)) (i32.const 1))))
    (if (local.get $columns)
      (then
        (if (i32.shr_u (local.get $columns) (i32.const 12))
          (then (call $pass (i32.const 0) (i32.const 256) (i32.sub (i32.const 13) (local.get $up)) (i32.const 8)))
          (else
            (call $pass (i32.const 0) (i32.const 256) (i32.sub (i32.const 13) (local.get $up)) (i32.const 4))
            (call $clear (i32.const 384))))
        (call $pass (i32.const 256) (i32.const 512) (i32.add (i32.const 16) (local.get $up)) (i32.const 8))
        (call $clear (i32.const 0))
        (call $clear (i32.const 128))
        (local.set $at (i32.const 512))
        (loop $rows
          (v128.store (local.get $target)
            (i16x8.min_u (local.get $top)
              (i16x8.narrow_i32x4_u
                (i32x4.add (local.get $centre) (v128.load (local.get $at)))
                (i32x4.add (local.get $centre) (v128.load offset=16 (local.get $at))))))
          (local.set $target (i32.add (local.get $target) (local.get $pitch)))
          (br_if $rows (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 32))) (i32.const 768)))))
      (else
        ;; One value all over.
        (local.set $flat
          (i32x4.add (local.get $centre)
            (i32x4.splat
              (i32.shr_s
                (i32.add
                  (i32.shl (i32.load (i32.const 0)) (i32.add (i32.const 13) (local.get $up)))
                  (i32.shl (i32.const 1) (i32.add (i32.const 15) (local.get $up))))
                (i32.add (i32.const 16) (local.get $up))))))
        (local.set $flat (i16x8.min_u (local.get $top) (i16x8.narrow_i32x4_u (local.get $flat) (local.get $flat))))
        (i32.store (i32.const 0) (i32.const 0))
        (local.set $at (i32.const 8))
        (loop $rows
          (v128.store (local.get $target) (local.get $flat))
          (local.set $target (i32.add (local.get $target) (local.get $pitch)))
          (br_if $rows (local.tee $at (i32.sub (local.get $at) (i32.const 1)))))))))
