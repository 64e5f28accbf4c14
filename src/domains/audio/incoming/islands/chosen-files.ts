import { cleanPath, isJunk } from '../paths.rules.ts'

export type Chosen = { path: string; file: File }

/** Files of an input, with their folders when a folder was chosen. */
export const fromInput = (files: FileList): Chosen[] =>
  worthSending([...files].map((file) => ({ file, path: cleanPath(file.webkitRelativePath || file.name) })))

/** Everything that was dropped, folders opened. Call it at once in the drop's own handler: the list is empty later. */
export async function fromDrop(dropped: DataTransfer): Promise<Chosen[]> {
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry?.() ?? null)
  const plain = [...dropped.files]
  if (entries.every((entry) => entry === null))
    return worthSending(plain.map((file) => ({ file, path: cleanPath(file.name) })))
  const found: Chosen[] = []
  for (const entry of entries) if (entry) await walk(entry, found)
  return worthSending(found)
}

async function walk(entry: FileSystemEntry, found: Chosen[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    found.push({ file, path: cleanPath(entry.fullPath) })
  } else if (entry.isDirectory) {
    const reader = (entry as FileSystemDirectoryEntry).createReader()
    // Browsers give a hundred at a time, until there are none.
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
      if (some.length === 0) break
      for (const one of some) await walk(one, found)
    }
  }
}

const worthSending = (chosen: Chosen[]): Chosen[] => chosen.filter(({ path }) => path !== '' && !isJunk(path))
