import type { AudioFact, FileFact } from './facts.rules.ts'
import { discFolder, type FolderName, isArtworkFolder, isGeneralFolder, parseFolderName } from './folders.rules.ts'
import { agreed, folded, naturalOrder } from './names.rules.ts'

/** Where one file lies in the usual arrangement: artist folder, album folder, disc folder. */
export type Place = { key: string; album?: string; artistFolder?: string; disc?: number; discTitle?: string }

export function placeOf(file: FileFact): Place {
  const folders = file.segments.slice(0, -1)
  const place: Place = { key: '' }
  while (folders.length > 0 && isArtworkFolder(folders.at(-1) ?? '')) folders.pop()
  const disc = discFolder(folders.at(-1) ?? '')
  if (disc) {
    place.disc = disc.disc
    if (disc.title) place.discTitle = disc.title
    folders.pop()
  }
  const album = folders.at(-1)
  if (album !== undefined) {
    place.album = album
    const suffixed = parseFolderName(album).disc
    if (place.disc === undefined && suffixed !== undefined) place.disc = suffixed
    const above = folders.at(-2)
    if (above !== undefined && !isGeneralFolder(above)) place.artistFolder = above
  }
  place.key = folders.join('/')
  return place
}

/** What the folders of one release say together. */
export type Surroundings = Partial<FolderName> & { artistFolder?: string; general?: string }

export function surroundings(places: Place[], parentFolder: string | undefined): Surroundings {
  const album = agreed(
    places.map((place) => (place.album === undefined ? undefined : parseFolderName(place.album).title)),
  )
  const said = places.find((place) => place.album && folded(parseFolderName(place.album).title) === folded(album ?? ''))
  const name = said?.album ?? (places.every((place) => place.album === undefined) ? parentFolder : undefined)
  if (name === undefined) return {}
  if (isGeneralFolder(name)) return { general: name }
  const above = agreed(places.map((place) => place.artistFolder))
  return { ...parseFolderName(name), ...(above ? { artistFolder: above } : {}) }
}

/**
 * Files that belong to one release each: an album folder with its disc folders, or folders whose tags name one same
 * album. Whatever lies above several albums goes with none of them unless it is alone.
 */
export function groupByRelease(files: FileFact[]): FileFact[][] {
  const audio = files.filter((file): file is AudioFact => file.kind === 'audio')
  const groups = new Map<string, { keys: Set<string>; name: string }>()
  for (const file of audio) {
    const { key } = placeOf(file)
    const folderName = key.split('/').at(-1) ?? ''
    const suffixed = parseFolderName(folderName)
    const name =
      suffixed.disc === undefined ? key : `${key.slice(0, key.length - folderName.length)}${folded(suffixed.title)}`
    const group = groups.get(name) ?? { keys: new Set<string>(), name }
    group.keys.add(key)
    groups.set(name, group)
  }
  const merged = mergeBelow(mergeByAlbumTag([...groups.values()], audio))
  if (merged.length <= 1) return [files]
  return merged.map(({ keys }) => files.filter((file) => owner(placeOf(file).key, merged) === keys))
}

type Group = { keys: Set<string>; name: string }

function mergeByAlbumTag(groups: Group[], audio: AudioFact[]): Group[] {
  const byAlbum = new Map<string, Group>()
  for (const group of groups) {
    const own = audio.filter((file) => group.keys.has(placeOf(file).key))
    const albums = new Set(own.map((file) => folded(file.tags?.album ?? '')))
    const [only] = albums
    const parent = group.name.split('/').slice(0, -1).join('/')
    const label = albums.size === 1 && only ? `${parent}\n${only}` : `\n${group.name}`
    const found = byAlbum.get(label)
    if (found) for (const key of group.keys) found.keys.add(key)
    else byAlbum.set(label, { keys: new Set(group.keys), name: group.name })
  }
  return [...byAlbum.values()]
}

/** "Album/Bonus" beside the tracks of "Album" is the same release. */
function mergeBelow(groups: Group[]): Group[] {
  const kept: Group[] = []
  for (const group of [...groups].sort((a, b) => a.name.length - b.name.length)) {
    const above = kept.find((other) => [...other.keys].some((key) => isBelow([...group.keys][0] ?? '', key)))
    if (above) for (const key of group.keys) above.keys.add(key)
    else kept.push(group)
  }
  return kept.sort((a, b) => naturalOrder(a.name, b.name))
}

const isBelow = (key: string, above: string): boolean =>
  key === above || key.startsWith(above === '' ? '' : `${above}/`)

function owner(key: string, groups: Group[]): Set<string> | undefined {
  const inside = groups.find(({ keys }) => [...keys].some((own) => isBelow(key, own)))
  return inside?.keys
}
