/** A list of all that a type allows, in an order of its own: where one is left out, it does not compile. */
export function every<T extends string>() {
  return <const L extends readonly T[]>(
    ...list: L & ([T] extends [L[number]] ? unknown : never)
  ): readonly T[] => list;
}
