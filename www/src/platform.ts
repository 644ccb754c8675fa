/** What this browser can do, by trying; and which it is, only to tell its user where WebGPU is turned on. */

/** Colours that go with the page's scheme, and layouts that go with their own width: both are of 2024. */
export const hasStyles = (): boolean =>
  CSS.supports('color', 'light-dark(red, red)') && CSS.supports('container-type', 'inline-size');

export type Browser = 'chromium-linux' | 'chromium' | 'firefox' | 'safari' | 'other';

export function browserOf(userAgent: string): Browser {
  if (/firefox|fxios/i.test(userAgent)) return 'firefox';
  if (/chrome|chromium|crios|edg\//i.test(userAgent)) {
    return /linux|x11/i.test(userAgent) && !/android/i.test(userAgent) ? 'chromium-linux' : 'chromium';
  }
  return /safari/i.test(userAgent) ? 'safari' : 'other';
}
