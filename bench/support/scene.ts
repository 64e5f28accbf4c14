import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Scene = {
  /** A folder that goes away with the scene, and that other users can reach. */
  folder: string
  /** What must be undone at the end, the last first. */
  atEnd(undo: () => unknown): void
}

/** Runs `act` in a place of its own and leaves nothing behind: not when it throws, not on Ctrl-C. */
export async function scene<T>(act: (scene: Scene) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'ritornello-bench-'))
  chmodSync(folder, 0o711)
  const undoing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const leave = async () => {
    for (let undo = undoing.pop(); undo; undo = undoing.pop()) {
      try {
        await undo()
      } catch (error) {
        console.error(error)
      }
    }
  }
  const interrupted = () => void leave().finally(() => process.exit(130))
  process.on('SIGINT', interrupted)
  process.on('SIGTERM', interrupted)
  try {
    return await act({ folder, atEnd: (undo) => void undoing.push(undo) })
  } finally {
    await leave()
    process.off('SIGINT', interrupted)
    process.off('SIGTERM', interrupted)
  }
}
