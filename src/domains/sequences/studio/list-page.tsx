import type { Context } from 'hono'
import { Empty } from '../../../ui/empty.tsx'
import { Button, ErrorSummary, Field, type FieldErrors, Form } from '../../../ui/forms.tsx'
import { can, type SenderAtDesk, StudioPage, senderThing, type WebEnv, zoneAt } from '../../identity/index.ts'
import { sequencePath } from '../paths.rules.ts'
import type { SequenceLine } from '../sequence.views.ts'
import type { Short } from '../short-codes.views.ts'
import { words } from '../words.ts'
import type { Typed } from './forms.ts'
import { stateText } from './frame.tsx'
import { ShortLines } from './short-lines.tsx'

type Props = {
  c: Context<WebEnv>
  own: SenderAtDesk
  lines: SequenceLine[]
  short: Short[]
  limit: Typed
  errors?: FieldErrors | undefined
  notice?: string | undefined
}

/** Every sequence of an artist or a label, and how much one person gets of all of them. */
export const ListPage = ({ c, own, lines, short, limit, errors, notice }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const isLabel = 'labelId' in own.sender
  const begin = <Button href="/studio/sequences/new">{t('new')}</Button>
  return (
    <StudioPage c={c} title={t('sequences')} current="announcements" {...own.sender} notice={notice}>
      <h1>{t('sequences')}</h1>
      <p class="lead">{t(isLabel ? 'lead_label' : 'lead')}</p>
      <ShortLines short={short} lang={page.lang} />
      {lines.length === 0 ? (
        <Empty title={t('empty_title')} action={begin}>
          <p>{t(isLabel ? 'empty_words_label' : 'empty_words')}</p>
        </Empty>
      ) : (
        <section>
          <p class="actions">{begin}</p>
          <ul class="lines plain">
            {lines.map((line) => (
              <li>
                <a href={sequencePath(line.id)}>
                  <b>{line.name}</b>
                  <small>{stateText(line, page.lang, zoneAt(c, own.id))}</small>
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {can(c.get('actor'), 'announce.send', senderThing(own.sender)) && (
        <section id="limit">
          <h2>{t('limit_title')}</h2>
          <p class="lead">{t(isLabel ? 'limit_words_label' : 'limit_words')}</p>
          <Form page={page} action="/studio/sequences/limit" novalidate>
            <ErrorSummary errors={errors} lang={page.lang} />
            {(['most', 'days'] as const).map((name) => (
              <Field
                name={name}
                type="number"
                min={1}
                label={t(`field_${name}`)}
                value={limit[name]}
                error={errors?.[name]}
                inputmode="numeric"
              />
            ))}
            <p class="actions">
              <Button kind="plain">{t('save')}</Button>
            </p>
          </Form>
        </section>
      )}
    </StudioPage>
  )
}
