/** So few are said before somebody chooses; of more, how many there are is nobody's business. */
const FEW = 5

/** `left`: how many may still be had; null when they are not counted. */
export const isFew = (left: number | null): left is number => left !== null && left > 0 && left <= FEW
