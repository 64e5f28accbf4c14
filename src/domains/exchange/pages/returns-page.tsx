import type { Context } from 'hono'
import { Empty } from '../../../ui/empty.tsx'
import { Button } from '../../../ui/forms.tsx'
import { type Sender, StudioPage, type WebEnv } from '../../identity/index.ts'
import type { Burst } from '../momentum.views.ts'
import type { GiftRow } from '../returns.views.ts'
import type { Subject, SubjectFacts } from '../subjects.ts'
import { words } from '../words.ts'
import { CREDIT } from './credit-page.tsx'
import { GiftList } from './gift-list.tsx'
import { HowCounted } from './gift-page.tsx'
import { MomentumLine } from './momentum-line.tsx'

/** Who is still there of those who came: the domain that knows the fans shows it. */
export const STAYING = '/studio/returns/fans'

/** Whether more comes back for more given: the domain that draws by lot shows it. */
export const MORE = '/studio/returns/more'

type ReturnsPageProps = {
  c: Context<WebEnv>
  sender: Sender
  zone: string
  gifts: GiftRow[]
  facts: Map<Subject, SubjectFacts>
  burst: Burst | null
}

/** Every gift of an artist or a label, with what came back. */
export const ReturnsPage = ({ c, sender, zone, gifts, facts, burst }: ReturnsPageProps) => {
  const { lang } = c.get('page')
  const t = words(lang)
  return (
    <StudioPage c={c} title={t('returns')} current="returns" {...sender}>
      <h1>{t('returns')}</h1>
      {gifts.length ? (
        <>
          <p class="lead">{t('returns_lead')}</p>
          {burst && <MomentumLine burst={burst} lang={lang} />}
          <p class="actions">
            <Button href={CREDIT} kind="plain">
              {t('credit_see')}
            </Button>
            <Button href={STAYING} kind="plain">
              {t('staying_see')}
            </Button>
            <Button href={MORE} kind="plain">
              {t('more_see')}
            </Button>
          </p>
          <GiftList lang={lang} zone={zone} gifts={gifts} facts={facts} captionHidden />
          <HowCounted lang={lang} zone={zone} />
        </>
      ) : (
        <Empty
          title={t('none_title')}
          action={
            'artistId' in sender ? (
              <Button href="/studio/music/new">{t('none_action')}</Button>
            ) : (
              <Button href="/studio/journal">{t('none_action_label')}</Button>
            )
          }
        >
          <p>{t('artistId' in sender ? 'none_words' : 'none_words_label')}</p>
        </Empty>
      )}
    </StudioPage>
  )
}
