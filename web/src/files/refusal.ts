/** Why a file is not opened, in a sentence, and whether it may be another time. */
export class Refusal extends Error {
  constructor(
    sentence: string,
    readonly mayPass = false,
  ) {
    super(sentence);
  }
}
