/*
 * A codec that trapped is thrown away with its memory, and a new one is made for the next frame. Most inputs here make it trap, and most
 * of the time would go into compiling the same code again: the process under test compiles it once. Memory and state are new each time.
 */

const compiled = new Map<number, WebAssembly.Module>();

/** From here on `WebAssembly.instantiate` compiles each code (told by its length) once. */
export function keepCompiled(): void {
  const instantiate = WebAssembly.instantiate.bind(WebAssembly);
  WebAssembly.instantiate = (async (
    source: BufferSource | WebAssembly.Module,
    imports?: WebAssembly.Imports,
  ) => {
    if (source instanceof WebAssembly.Module) return instantiate(source, imports);
    const module = compiled.get(source.byteLength) ?? new WebAssembly.Module(source);
    compiled.set(source.byteLength, module);
    return { module, instance: new WebAssembly.Instance(module, imports) };
  }) as typeof WebAssembly.instantiate;
}
