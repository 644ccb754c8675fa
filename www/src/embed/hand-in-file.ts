/** What a submission carries of the page around a lab. */

export type Answers = Record<string, string | number | boolean>;

export const hasAnswers = (answers: Answers | null): answers is Answers =>
  answers !== null && Object.keys(answers).length > 0;
