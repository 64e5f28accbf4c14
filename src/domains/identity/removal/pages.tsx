import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats } from '../../../platform/i18n/index.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form } from '../../../ui/forms.tsx'
import { actorOf, type WebEnv } from '../guard.ts'
import { can, type Thing } from '../rights.rules.ts'
import { StudioPage } from '../studio-page.tsx'
import type { Owner } from './belongings.ts'
import { DAYS_TO_UNDO } from './removal.store.ts'
import { words } from './words.ts'

export const removePath = ({ kind, id }: Pick<Owner, 'kind' | 'id'>): string => `/studio/${kind}s/${id}/remove`
export const archivePath = ({ kind, id }: Pick<Owner, 'kind' | 'id'>): string => `/studio/${kind}s/${id}/archive`

const thingOf = ({ kind, id }: Owner): Thing => (kind === 'artist' ? { kind, artistId: id } : { kind, labelId: id })

type Props = { c: Context<WebEnv>; owner: Owner }

const Framed = ({ c, owner, title, notice, children }: Props & { title: string; notice?: Child; children?: Child }) => (
  <StudioPage
    c={c}
    title={title}
    {...(owner.kind === 'artist' ? { artistId: owner.id } : { labelId: owner.id, current: 'label' })}
    notice={notice}
  >
    <h1>{title}</h1>
    {children}
  </StudioPage>
)

const mayArchive = ({ c, owner }: Props) => can(actorOf(c), `${owner.kind}.archive`, thingOf(owner))

const ArchiveButton = ({ c, owner, plain }: Props & { plain?: boolean }) => (
  <Button href={`${archivePath(owner)}.zip`} download="" kind={plain ? 'plain' : 'main'}>
    {words(c.get('page').lang)('archive_send')}
  </Button>
)

type ArchiveProps = Props & { inside: [path: string, words: string][]; missing?: string | null }

/** Everything in one file. */
export const ArchivePage = ({ c, owner, inside, missing }: ArchiveProps) => {
  const { lang } = c.get('page')
  const t = words(lang)
  return (
    <Framed c={c} owner={owner} title={t('archive_title')}>
      <ErrorSummary errors={missing ? { '': t('archive_missing', { path: missing }) } : undefined} lang={lang} />
      <p class="lead">{t('archive_lead')}</p>
      <p class="actions">
        <ArchiveButton c={c} owner={owner} />
      </p>
      <p class="hint" style="margin-top:1rem">
        {t('archive_hint')}
      </p>
      <section>
        <h2>{t('archive_inside')}</h2>
        <dl>
          {inside.map(([path, says]) => (
            <>
              <dt style="margin-top:1rem">
                <code>{path}</code>
              </dt>
              <dd>{says}</dd>
            </>
          ))}
        </dl>
      </section>
    </Framed>
  )
}

type RemoveProps = Props & { goes: string[]; othersLose: string[]; typed?: string; errors?: FieldErrors }

/** What goes, what stays, and the one thing to type. */
export const RemovePage = ({ c, owner, goes, othersLose, typed, errors }: RemoveProps) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { kind, name, slug } = owner
  return (
    <Framed c={c} owner={owner} title={t('remove_title', { name })}>
      <ErrorSummary errors={errors} lang={page.lang} />
      <p class="lead">{t('remove_lead', { days: DAYS_TO_UNDO })}</p>
      <Sentences title={t('remove_goes')} lines={goes.map(capital)} />
      <Sentences title={t('remove_others')} lines={othersLose} />
      <Sentences
        title={t('remove_stays')}
        lines={[
          ...(kind === 'label' ? [t('remove_stays_label')] : []),
          t('remove_stays_address', { address: `${page.base.replace(/^https?:\/\//, '')}/${slug}` }),
          t('remove_stays_log'),
        ]}
      />
      <section>
        <h2>{t('remove_first')}</h2>
        {mayArchive({ c, owner }) ? (
          <>
            <p>{t('archive_lead')}</p>
            <p class="actions">
              <ArchiveButton c={c} owner={owner} plain />
            </p>
          </>
        ) : (
          <p>{t('remove_first_host')}</p>
        )}
      </section>
      <section>
        <h2>{t('remove_now')}</h2>
        <Form page={page} action={removePath(owner)} novalidate>
          <Field
            name="name"
            label={t('remove_confirm', { name })}
            value={typed}
            error={errors?.['name']}
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            required
          />
          <p class="actions">
            <Button kind="danger">{t('remove_send', { name })}</Button>
            <Button kind="plain" href="/studio">
              {t('remove_back')}
            </Button>
          </p>
        </Form>
      </section>
    </Framed>
  )
}

const capital = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1)

const Sentences = ({ title, lines }: { title: string; lines: string[] }) =>
  lines.length ? (
    <section>
      <h2>{title}</h2>
      <ul style="list-style:disc;padding-left:1.2em">
        {lines.map((line) => (
          <li>{line}</li>
        ))}
      </ul>
    </section>
  ) : null

/** While it can be brought back. */
export const GoingPage = ({ c, owner, goesAt, begun }: Props & { goesAt: Date; begun: boolean }) => {
  const page = c.get('page')
  const t = words(page.lang)
  return (
    <Framed c={c} owner={owner} title={t('going_title', { name: owner.name })}>
      {begun ? (
        <p class="lead">{t('going_begun')}</p>
      ) : (
        <>
          <p class="lead">{t('going_lead', { date: formats(page.lang).date(goesAt) })}</p>
          <Form page={page} action={`${removePath(owner)}/undo`}>
            <p class="actions">
              <Button>{t('going_undo')}</Button>
              {mayArchive({ c, owner }) && <ArchiveButton c={c} owner={owner} plain />}
            </p>
          </Form>
          <p class="hint">{t('going_undo_hint')}</p>
        </>
      )}
    </Framed>
  )
}
