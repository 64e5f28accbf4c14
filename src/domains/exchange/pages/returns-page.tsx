import type { Context } from 'hono'
import { Empty } from '../../../ui/empty.tsx'
import { Button } from '../../../ui/forms.tsx'
import { StudioPage, type WebEnv } from '../../identity/index.ts'
import type { GiftRow } from '../returns.views.ts'
import type { Subject, SubjectFacts } from '../subjects.ts'
import { words } from '../words.ts'
import { GiftList } from './gift-list.tsx'
import { HowCounted } from './gift-page.tsx'

type ReturnsPageProps = {
  c: Context<WebEnv>
  artistId: string
  zone: string
  gifts: GiftRow[]
  facts: Map<Subject, SubjectFacts>
}

/** Every gift of an artist, with what came back. */
export const ReturnsPage = ({ c, artistId, zone, gifts, facts }: ReturnsPageProps) => {
  const { lang } = c.get('page')
  const t = words(lang)
  return (
    <StudioPage c={c} title={t('returns')} current="returns" artistId={artistId}>
      <h1>{t('returns')}</h1>
      {gifts.length ? (
        <>
          <p class="lead">{t('returns_lead')}</p>
          <GiftList lang={lang} zone={zone} gifts={gifts} facts={facts} captionHidden />
          <HowCounted lang={lang} zone={zone} />
        </>
      ) : (
        <Empty title={t('none_title')} action={<Button href="/studio/music/new">{t('none_action')}</Button>}>
          <p>{t('none_words')}</p>
        </Empty>
      )}
    </StudioPage>
  )
}
