import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { Empty } from '../../../ui/empty.tsx'
import { Button } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import type { WebEnv } from '../guard.ts'
import { type Leaving, LeavingList } from '../removal/leaving-list.tsx'
import { removePath } from '../removal/pages.tsx'
import { words as removalWords } from '../removal/words.ts'
import { StudioPage } from '../studio-page.tsx'
import type { Directory } from './directory.views.ts'
import { words } from './words.ts'

type Props = { c: Context<WebEnv>; data: Directory; leaving: Leaving[]; notice?: Child }

/** For the host: who is here, and who answers for each. */
export const DirectoryPage = ({ c, data: { artists, labels }, leaving, notice }: Props) => {
  const { lang } = c.get('page')
  const t = words(lang)
  const r = removalWords(lang)
  const newArtist = <Button href="/studio/artists/new">{t('new_artist')}</Button>
  const named = (people: string[], kind: 'artists' | 'labels', id: string) =>
    people.length ? (
      people.join(', ')
    ) : kind === 'artists' ? (
      <a href={`/studio/artists/${id}/people`}>{t('vacant')}</a>
    ) : (
      t('vacant')
    )
  const removal = (kind: 'artist' | 'label') => ({
    label: r('column_remove'),
    cell: ({ id, name }: { id: string; name: string }) => (
      <a href={removePath({ kind, id })} aria-label={r('remove_title', { name })}>
        {r('link_remove')}
      </a>
    ),
  })
  return (
    <StudioPage c={c} title={t('directory')} foot="/studio/settings" notice={notice}>
      <h1>{t('directory')}</h1>
      <LeavingList c={c} leaving={leaving} />
      {artists.length ? (
        <Table
          lang={lang}
          caption={t('artists')}
          rows={artists}
          columns={[
            { label: t('name'), cell: ({ name, slug }) => <a href={`/${slug}`}>{name}</a> },
            { label: t('column_people'), cell: ({ people, id }) => named(people, 'artists', id) },
            { label: t('column_label'), cell: (artist) => artist.labels.join(', ') || '–' },
            removal('artist'),
          ]}
        />
      ) : (
        <Empty title={t('directory_none')} action={newArtist}>
          <p>{t('directory_none_lead')}</p>
        </Empty>
      )}
      {labels.length > 0 && (
        <Table
          lang={lang}
          caption={t('labels')}
          rows={labels}
          columns={[
            { label: t('name'), cell: ({ name, slug }) => <a href={`/${slug}`}>{name}</a> },
            { label: t('column_people'), cell: ({ people, id }) => named(people, 'labels', id) },
            removal('label'),
          ]}
        />
      )}
      <p class="actions">
        {artists.length > 0 && newArtist}
        <Button kind="plain" href="/studio/labels/new">
          {t('new_label')}
        </Button>
      </p>
    </StudioPage>
  )
}
