/** Which browser this is, only to tell its user where WebGPU is turned on. Nothing else depends on it. */

export type Browser = 'chromium-linux' | 'chromium' | 'firefox' | 'safari' | 'other';

export function browserOf(userAgent: string): Browser {
  if (/firefox|fxios/i.test(userAgent)) return 'firefox';
  if (/chrome|chromium|crios|edg\//i.test(userAgent)) {
    return /linux|x11/i.test(userAgent) && !/android/i.test(userAgent) ? 'chromium-linux' : 'chromium';
  }
  return /safari/i.test(userAgent) ? 'safari' : 'other';
}
