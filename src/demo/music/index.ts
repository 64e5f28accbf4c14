export { type Composition, compose } from './compose.ts'
export type { Style } from './score.ts'
export { writeWav } from './wav.ts'
