import type { Context } from 'hono'
import type { WebEnv } from '../guard.ts'
import { can, type Thing } from '../rights.rules.ts'
import { archivePath, removePath } from './pages.tsx'
import { words } from './words.ts'

type Props = { c: Context<WebEnv>; kind: 'artist' | 'label'; id: string }

/** To the two pages on which all of it leaves, for whoever may. */
export const OwnersLinks = ({ c, kind, id }: Props) => {
  const t = words(c.get('page').lang)
  const thing: Thing = kind === 'artist' ? { kind, artistId: id } : { kind, labelId: id }
  const may = (what: 'archive' | 'remove') => can(c.get('actor'), `${kind}.${what}`, thing)
  return (
    <>
      {may('archive') && <a href={archivePath({ kind, id })}>{t('link_archive')}</a>}
      {may('remove') && <a href={removePath({ kind, id })}>{t('link_remove')}</a>}
    </>
  )
}
