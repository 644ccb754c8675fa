/** Work that follows a change. After several changes in a row it is done once, when a pause follows. */
interface Debounced {
  /** Waits for the pause. */
  later(): void;
  /** Ends the wait and does the work, if it is waited for. */
  now(): Promise<void>;
  cancel(): void;
}

export function debounced(act: () => Promise<void>, pauseMs: number): Debounced {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const now = async () => {
    if (timer === undefined) return;
    cancel();
    await act();
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void now(), pauseMs);
  };
  return { later, now, cancel };
}
