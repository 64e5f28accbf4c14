import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Button, ErrorSummary, type FieldErrors, Form, Radios, Select, TextArea } from '../../../ui/forms.tsx'
import { mayTake } from '../../audio/index.ts'
import type { Offer, OfferSource } from '../../exchange/index.ts'
import { can, type Posted, type WebEnv } from '../../identity/index.ts'
import type { Close } from '../close-operation.ts'
import { readFollowUp } from '../operation.rules.ts'
import { words } from '../words.ts'

export type CloseTyped = { thanks: string; gift: string; follow: string; followWords: string; followSubject: string }
const NOTHING: CloseTyped = { thanks: '', gift: '', follow: '', followWords: '', followSubject: '' }

type Operation = { id: string; artistId: string }
/** What everybody who took part may receive, and where the next thing may be. */
export type CloseChoices = { gifts: Offer[]; nexts: Offer[] }

/** What can be taken now, and what is public. */
export async function closeChoices(
  platform: Pick<Platform, 'db' | 'now'>,
  offers: OfferSource,
  { id: operationId, artistId }: Operation,
): Promise<CloseChoices> {
  const all = await offers(platform.db, artistId)
  const nexts = all.filter(({ subject, publicAt }) => publicAt && subject !== `operation:${operationId}`)
  const gifts: Offer[] = []
  for (const offer of all.filter(({ publicAt }) => publicAt && publicAt <= platform.now())) {
    const [kind, id = ''] = offer.subject.split(':')
    const item = kind === 'release' ? { release: id } : kind === 'track' ? { track: id } : null
    if (item && (await mayTake(platform, item))) gifts.push(offer)
  }
  return { gifts, nexts }
}

type ReadClose = { typed: CloseTyped } & (
  | { value: Pick<Close, 'followUp' | 'thanks'>; errors?: never }
  | { value?: never; errors: FieldErrors }
)

/** What the form says, or what is missing in it. */
export function readClose(form: Posted, { gifts, nexts }: CloseChoices, lang: Lang): ReadClose {
  const t = words(lang)
  const typed: CloseTyped = {
    thanks: form.text('thanks').slice(0, 2000),
    gift: form.text('gift'),
    follow: form.text('follow'),
    followWords: form.text('followWords').slice(0, 2000),
    followSubject: form.text('followSubject'),
  }
  const errors: FieldErrors = {}
  const read = readFollowUp({ kind: typed.follow, words: typed.followWords })
  if (!read.ok && read.wrong.includes('kind')) errors['follow'] = t('error_follow')
  if (!read.ok && read.wrong.includes('words')) errors['followWords'] = t('error_follow_words')
  const chosen = (name: 'gift' | 'followSubject', from: Offer[]) => {
    const offer = from.find(({ subject }) => subject === typed[name])
    if (typed[name] && !offer) errors[name] = t('error_choice')
    return offer?.subject ?? null
  }
  const thanks = { words: typed.thanks, subject: chosen('gift', gifts) }
  const subject = chosen('followSubject', nexts)
  if (!read.ok || Object.keys(errors).length) return { typed, errors }
  return { typed, value: { followUp: { ...read.value, subject }, thanks } }
}

type Props = CloseChoices & {
  c: Context<WebEnv>
  of: Operation
  action: string
  lead: Child
  people: number
  /** Who receives what is given: else those who took part. */
  giftLabel?: string
  typed?: CloseTyped | undefined
  errors?: FieldErrors | undefined
}

/** Thanks and what everybody receives, where people took part; what comes after, without which nothing is closed. */
export const CloseForm = ({ c, of, action, lead, people, giftLabel, gifts, nexts, typed = NOTHING, errors }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  if (!can(c.get('actor'), 'journal.publish', { kind: 'artist', artistId: of.artistId }))
    return <p>{t('close_may_not')}</p>
  const choices = (offers: Offer[]) => offers.map(({ subject, title }) => ({ value: subject, label: title }))
  return (
    <section>
      {lead}
      <Form page={page} action={action} novalidate>
        <ErrorSummary errors={errors} lang={page.lang} />
        {people > 0 && (
          <>
            <TextArea
              name="thanks"
              label={t('field_thanks')}
              hint={t('thanks_hint')}
              value={typed.thanks}
              rows={4}
              maxlength={2000}
            />
            <Select
              name="gift"
              label={giftLabel ?? t('field_gift')}
              hint={t('gift_hint')}
              value={typed.gift}
              error={errors?.['gift']}
              options={[{ value: '', label: t('gift_none') }, ...choices(gifts)]}
            />
          </>
        )}
        <Radios
          name="follow"
          label={t('field_follow')}
          value={typed.follow || null}
          error={errors?.['follow']}
          options={[
            { value: 'next', label: t('follow_next') },
            { value: 'none', label: t('follow_none') },
          ]}
          required
        />
        <TextArea
          name="followWords"
          label={t('field_follow_words')}
          hint={t('follow_hint')}
          value={typed.followWords}
          error={errors?.['followWords']}
          rows={4}
          maxlength={2000}
          required
        />
        <Select
          name="followSubject"
          label={t('field_follow_subject')}
          value={typed.followSubject}
          error={errors?.['followSubject']}
          options={[{ value: '', label: t('follow_subject_none') }, ...choices(nexts)]}
        />
        <p class="actions">
          <Button>{t(people > 0 ? 'close_button' : 'close_alone')}</Button>
        </p>
      </Form>
    </section>
  )
}
