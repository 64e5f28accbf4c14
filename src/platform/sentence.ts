/** A failure that the person at the keyboard can understand and mend: printed as it stands, without a stack. */
export class Sentence extends Error {
  override name = 'Sentence'
}
