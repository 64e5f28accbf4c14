import type { Context } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import { imageUrl } from '../../../platform/images/index.ts'
import { Button, ErrorSummary, type FieldErrors, Form, Select, TextArea } from '../../../ui/forms.tsx'
import type { Subject, SubjectFacts } from '../../exchange/index.ts'
import { StudioPage, senderId, senderOf, type WebEnv, zoneAt } from '../../identity/index.ts'
import { namedSigns, smsMoney, weighSms } from '../../reach/index.ts'
import type { Conversation, Happened, Message } from '../inbox.views.ts'
import type { Way } from '../tables.ts'
import type { Watcher } from '../watch.ts'
import { words } from '../words.ts'
import { inboxHref } from './frame.ts'

export type ConversationProps = {
  c: Context<WebEnv>
  conversation: Conversation
  timeline: Happened[]
  facts: Map<Subject, SubjectFacts>
  saved: { id: string; title: string; text: string }[]
  people: { id: string; name: string }[]
  others: Watcher[]
  /** Of one text message to this fan, where it is known. */
  price: { millionths: number; currency: string } | null
  told?: string | undefined
  values?: { text: string; way: Way | null; note: string } | undefined
  errors?: FieldErrors | undefined
}

export const ConversationPage = (props: ConversationProps) => {
  const { c, conversation, others } = props
  const { page } = c.var
  const t = words(page.lang)
  const who = conversation.who || t('nobody')
  const live = {
    href: `${inboxHref(conversation.id)}/here`,
    lastId: conversation.lastId,
    csrf: page.csrf,
    words: {
      here: t('here', { name: '{name}' }),
      writing: t('writing', { name: '{name}' }),
      meanwhile: t('meanwhile_live'),
      see: t('meanwhile_see'),
    },
  }
  return (
    <StudioPage
      c={c}
      title={who}
      current="inbox"
      artistId={conversation.artistId ?? undefined}
      labelId={conversation.labelId ?? undefined}
      notice={props.told}
      scripts={['islands/inbox-here.js', 'islands/sms-count.js']}
      wide
    >
      <p class="quiet">
        <a href="/studio/inbox">{t('inbox')}</a>
      </p>
      <h1 style="margin-bottom:0.25rem;overflow-wrap:anywhere">{who}</h1>
      <p class="quiet">
        {t(`state_${conversation.state}`)} · {t('with', { name: conversation.ownerName })}
      </p>
      <div data-island="inbox-here" data-props={JSON.stringify(live)} role="status" class="here">
        {others.map(({ name, writing }) => (
          <p>{t(writing ? 'writing' : 'here', { name })}</p>
        ))}
      </div>
      <div class="conversation">
        <section aria-labelledby="said">
          <h2 id="said" class="hidden">
            {t('said')}
          </h2>
          <ol class="said">
            {conversation.messages.map((message) => (
              <Said {...props} message={message} />
            ))}
          </ol>
          <AnswerForm {...props} />
          <NoteForm {...props} />
        </section>
        <aside>
          <Doings {...props} />
          <Timeline {...props} who={who} />
        </aside>
      </div>
    </StudioPage>
  )
}

const Said = ({ c, conversation, message, facts }: ConversationProps & { message: Message }) => {
  const { lang } = c.var.page
  const t = words(lang)
  const { dateTime, bytes } = formats(lang)
  const who = message.direction === 'in' ? conversation.who || t('nobody') : (message.by ?? t('you'))
  const about = message.about && facts.get(message.about)
  const details = [
    message.direction === 'note' ? t('note') : message.channel && t(`way_${message.channel}`),
    message.isAutomatic && t('automatic'),
    about && t('about', { title: about.title }),
    message.delivery && delivery(t, message.delivery),
  ].filter(Boolean)
  return (
    <li class={message.direction} id={`m-${message.id}`}>
      <p class="head">
        <b>{who}</b>{' '}
        <small>
          <time datetime={message.at.toISOString()}>
            {dateTime(message.at, zoneAt(c, senderId(senderOf(conversation))))}
          </time>
          {details.length > 0 && ` · ${details.join(' · ')}`}
        </small>
      </p>
      {message.subject && message.channel === 'mail' && <p class="subject">{message.subject}</p>}
      <div class="words" lang={message.direction === 'in' ? conversation.language : undefined}>
        {message.text}
      </div>
      {message.files.length > 0 && (
        <ul class="files" aria-label={t('files')}>
          {message.files.map(({ id, name, size, image }) => (
            <li>
              {image && (
                <img
                  src={imageUrl(image.sha256, image.widths.find((w) => w >= 320) ?? image.widths.at(-1) ?? 160, 'jpg')}
                  width={image.width}
                  height={image.height}
                  alt={t('picture', { name })}
                  loading="lazy"
                />
              )}
              <a href={`/studio/inbox/files/${id}`} download={name} data-native="">
                {t('file_get', { name, size: bytes(size) })}
              </a>
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}

const DELIVERY = [
  'held',
  'queued',
  'handing',
  'handed',
  'delivered',
  'bounced',
  'failed',
  'suppressed',
  'uncertain',
  'cancelled',
] as const
function delivery(t: ReturnType<typeof words>, state: string): string {
  const known = DELIVERY.find((one) => one === state)
  return known ? t(`delivery_${known}`) : ''
}

const AnswerForm = ({ c, conversation, saved, price, values, errors }: ConversationProps) => {
  const { page } = c.var
  const t = words(page.lang)
  const [first] = conversation.ways
  if (!first) return null
  const use = saved.find(({ id }) => id === c.req.query('use'))
  const text = values?.text ?? use?.text ?? ''
  const way = conversation.ways.find((one) => one.way === values?.way)?.way ?? first.way
  const options = conversation.ways.map((one) => ({
    value: one.way,
    label: t(`answer_${one.way}`, { address: one.address ?? '' }),
  }))
  const hint = [
    way === 'form' && !conversation.fanId && t('unproved'),
    conversation.ways.some((one) => one.way === 'sms') && t('sms_hint'),
  ]
    .filter(Boolean)
    .join(' ')
  return (
    <>
      {saved.length > 0 && (
        <form
          method="get"
          action={inboxHref(conversation.id)}
          class="actions"
          style="margin:1.5rem 0 0;align-items:end"
        >
          <Select
            name="use"
            label={t('saved_use')}
            value={use?.id ?? saved[0]?.id}
            options={saved.map(({ id, title }) => ({ value: id, label: title }))}
          />
          <Button kind="plain">{t('saved_put')}</Button>
        </form>
      )}
      <Form
        page={page}
        action={`${inboxHref(conversation.id)}/answer`}
        id="answer"
        novalidate
        style="margin-top:1.5rem"
      >
        <ErrorSummary errors={errors} lang={page.lang} />
        <input type="hidden" name="seen" value={conversation.lastId} />
        {options.length > 1 ? (
          <Select name="way" label={t('answer_way')} value={way} options={options} />
        ) : (
          <p>
            <input type="hidden" name="way" value={way} />
            {options[0]?.label}
          </p>
        )}
        <TextArea
          name="text"
          label={t('answer')}
          value={text}
          error={errors?.['text']}
          hint={hint || undefined}
          rows={7}
          maxlength={20000}
          required
        />
        {conversation.ways.some((one) => one.way === 'sms') && (
          <TextSize c={c} text={text} price={price} hidden={way !== 'sms'} />
        )}
        <p class="actions">
          <Button>{t('send')}</Button>
          <Button kind="plain" name="done" value="1">
            {t('send_done')}
          </Button>
        </p>
      </Form>
    </>
  )
}

type TextSizeProps = Pick<ConversationProps, 'c' | 'price'> & { text: string; hidden: boolean }

/** How many text messages the answer is and what of it telephones lack; a script keeps it true while one writes. */
const TextSize = ({ c, text, price, hidden }: TextSizeProps) => {
  const { page } = c.var
  const t = words(page.lang)
  const { sent, count, outside, replaced, typed } = weighSms(text)
  const signs = (some: string[]) => ({ signs: namedSigns(some, t('sms_spaces')) })
  const money = (segments: number) =>
    price && t('sms_price', { price: smsMoney(price.millionths * segments, price.currency, page.lang) })
  const props = {
    form: 'answer',
    field: 'text',
    way: 'way',
    lang: page.lang,
    price,
    words: {
      size: t('sms_size', { segments: '{segments}', units: '{units}', left: '{left}' }),
      gsm: t('sms_gsm'),
      ucs: t('sms_ucs', { signs: '{signs}' }),
      price: t('sms_price', { price: '{price}' }),
      replaced: t('sms_replaced', { signs: '{signs}' }),
      typed: t('sms_typed', { segments: '{segments}' }),
      plainly: t('sms_plainly', { segments: '{segments}' }),
      spaces: t('sms_spaces'),
    },
  }
  return (
    <div class="quiet" data-island="sms-count" data-props={JSON.stringify(props)} hidden={hidden}>
      <p data-part="size">
        {t('sms_size', count)} {count.encoding === 'gsm7' ? t('sms_gsm') : t('sms_ucs', signs(outside))}{' '}
        {money(count.segments)}
      </p>
      <p data-part="replaced" hidden={!replaced.length}>
        {replaced.length > 0 && t('sms_replaced', signs(replaced))} {t('sms_typed', { segments: typed })}
      </p>
      <p data-part="sent" class="leaves" hidden={!replaced.length}>
        {sent}
      </p>
      <p data-part="plainly" hidden />
      <p>
        <Button kind="plain" type="button" data-part="button" hidden>
          {t('sms_plain_button')}
        </Button>
      </p>
    </div>
  )
}

const NoteForm = ({ c, conversation, values, errors }: ConversationProps) => {
  const { page } = c.var
  const t = words(page.lang)
  return (
    <details style="margin-top:1.5rem" open={Boolean(errors?.['note'])}>
      <summary>{t('note_add')}</summary>
      <Form page={page} action={`${inboxHref(conversation.id)}/note`} style="margin-top:0.75rem">
        <TextArea
          name="note"
          label={t('note')}
          hint={t('note_hint')}
          error={errors?.['note']}
          value={values?.note}
          rows={3}
          maxlength={20000}
        />
        <Button kind="plain">{t('note_save')}</Button>
      </Form>
    </details>
  )
}

const Doings = ({ c, conversation, people }: ConversationProps) => {
  const { page } = c.var
  const t = words(page.lang)
  const { state, id } = conversation
  const to = (next: string, label: string, kind: 'plain' | 'quiet' = 'quiet') => (
    <Form page={page} action={`${inboxHref(id)}/state`} style="margin:0">
      <input type="hidden" name="state" value={next} />
      <Button kind={kind}>{label}</Button>
    </Form>
  )
  return (
    <section>
      <h2>{t('do')}</h2>
      <div class="actions" style="margin-bottom:1rem">
        {state === 'open' && to('done', t('done'), 'plain')}
        {state === 'done' && to('open', t('reopen'), 'plain')}
        {state === 'spam' ? to('open', t('not_spam'), 'plain') : to('spam', t('spam'))}
      </div>
      <Form page={page} action={`${inboxHref(id)}/assign`} class="actions" style="align-items:end">
        <Select
          name="to"
          label={t('assign')}
          value={conversation.assignedTo ?? ''}
          options={[
            { value: '', label: t('assign_nobody') },
            ...people.map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
        <Button kind="plain">{t('assign_save')}</Button>
      </Form>
    </section>
  )
}

const Timeline = ({ c, conversation, timeline, facts, who }: ConversationProps & { who: string }) => {
  const { lang } = c.var.page
  const t = words(lang)
  const { dateTime } = formats(lang)
  return (
    <section style="margin-top:2rem">
      <h2>{t('timeline', { name: who })}</h2>
      {timeline.length === 0 ? (
        <p class="quiet">{t('timeline_empty')}</p>
      ) : (
        <ol class="timeline">
          {timeline.map((one) => {
            const fact = one.subject && facts.get(one.subject)
            const channel = (['mail', 'sms', 'push'] as const).find((name) => name === one.channel)
            return (
              <li>
                <small>
                  <time datetime={one.at.toISOString()}>
                    {dateTime(one.at, zoneAt(c, senderId(senderOf(conversation))))}
                  </time>
                </small>
                <span>
                  {happened(t, one)}
                  {channel && ` ${t(`channel_${channel}`)}`}
                  {fact && (
                    <>
                      {' · '}
                      <a href={fact.path}>{fact.title}</a>
                    </>
                  )}
                  {one.kind === 'given' && ` · ${delivery(t, one.what)}`}
                </span>
                {one.kind === 'consent' && one.title && <small class="wording">{one.title}</small>}
              </li>
            )
          })}
        </ol>
      )}
    </section>
  )
}

const TOUCHES = ['page', 'start'] as const
const RETURNS = ['listen', 'download', 'reply', 'comment', 'sign-up', 'confirmation'] as const
const CONSENTS = ['asked', 'confirmed', 'imported', 'changed', 'withdrawn', 'erased'] as const

function happened(t: ReturnType<typeof words>, { kind, what }: Happened): string {
  switch (kind) {
    case 'given':
      return t('timeline_given')
    case 'touch':
      return t(`timeline_touch_${TOUCHES.find((one) => one === what) ?? 'other'}`)
    case 'return':
      return t(`timeline_return_${RETURNS.find((one) => one === what) ?? 'other'}`)
    case 'consent': {
      const event = CONSENTS.find((one) => one === what)
      return event ? t(`timeline_consent_${event}`) : what
    }
  }
}
