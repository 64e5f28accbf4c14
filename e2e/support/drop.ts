import type { Locator } from '@playwright/test'

/** Drops files or folders of this machine on something, as from a file manager (through Chromium's debugging protocol). */
export async function dropOn(target: Locator, paths: string[]): Promise<void> {
  // Where a hand would be by then: while the page before it still fades, nothing of this one can be reached.
  await target.hover()
  const box = await target.boundingBox()
  if (!box) throw new Error('There is nothing on the page to drop on.')
  const session = await target.page().context().newCDPSession(target.page())
  const data = { items: [], files: paths, dragOperationsMask: 1 }
  const place = { x: box.x + box.width / 2, y: box.y + box.height / 2, data }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...place })
  await session.detach()
}
