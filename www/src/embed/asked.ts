/** Asks the student whether an address of another site may be fetched. */

export interface Asked {
  address: string;
  answer(agreed: boolean): void;
}

/** Resolves with the answer. `show` is called with the question, and with null when it is answered; a later question replaces an earlier one. */
export function ask(address: string, show: (asked: Asked | null) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const answer = (agreed: boolean) => {
      show(null);
      resolve(agreed);
    };
    show({ address, answer });
  });
}
