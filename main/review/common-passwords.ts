/**
 * What anybody would try first, where at least ten characters are asked for: our own short list of words that long passwords are
 * padded from, and the patterns that fingers walk on a keyboard.
 */
const words = [
  ...['password', 'passwort', 'passw0rd', 'p@ssword', 'p@ssw0rd', 'motdepasse', 'contraseña', 'wachtwoord'],
  ...['welcome', 'willkommen', 'letmein', 'changeme', 'default', 'secret', 'trustno', 'iloveyou', 'sunshine'],
  ...['princess', 'football', 'baseball', 'superman', 'batman', 'dragon', 'monkey', 'master', 'shadow'],
  ...[
    'admin',
    'administrator',
    'root',
    'user',
    'guest',
    'test',
    'tester',
    'testing',
    'temp',
    'login',
    'system',
  ],
  ...['spring', 'summer', 'autumn', 'winter', 'january', 'monday', 'hello', 'qwerty', 'qwertz', 'azerty'],
  ...['hospital', 'krankenhaus', 'clinic', 'klinik', 'radiology', 'radiologie', 'radiologist', 'radiologe'],
  ...[
    'doctor',
    'resident',
    'xray',
    'x-ray',
    'chestxray',
    'imaging',
    'dicom',
    'pacs',
    'wetread',
    'workstation',
  ],
];
const walks = [
  '01234567890123456789',
  '09876543210987654321',
  'abcdefghijklmnopqrstuvwxyz',
  'zyxwvutsrqponmlkjihgfedcba',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1q2w3e4r5t6y7u8i9o0p',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
  'qazwsxedcrfvtgbyhnujmikolp',
];

/** A password of one word and digits or marks around it, of a repeated piece of up to four characters, or of a walk. */
export function isCommonPassword(password: string): boolean {
  const lower = password.toLowerCase();
  const bare = lower.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const repeated = (text: string) => /^(.{1,4}?)\1+.{0,3}$/su.test(text);
  return (
    words.some((word) => lower === word || bare === word || bare === word + word) ||
    repeated(lower) ||
    walks.some((walk) => walk.includes(lower) || (bare.length >= 5 && walk.includes(bare)))
  );
}
