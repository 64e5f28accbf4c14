import type { Context } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import { Button, ErrorSummary, Field, Form, Radios } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import {
  can,
  MembersStep,
  type Plan,
  PublicationSteps,
  publicationSentence,
  type WebEnv,
  zoneAt,
} from '../../identity/index.ts'
import { givingOf } from '../given.rules.ts'
import { SECRET_PARAMETER } from '../paths.rules.ts'
import type { SecretLink } from '../secret-links.store.ts'
import type { StudioRelease } from '../studio.views.ts'
import { words } from '../words.ts'
import type { AddressCount } from './addresses.ts'
import { givingOptions } from './giving.tsx'
import { ReleaseFrame, releaseHref } from './release-frame.tsx'

export type Asked = { at?: string; zone: string; errors: Record<string, string> }
/** `silent`: how many tracks have no sound that is ready to be heard. */
type Props = {
  c: Context<WebEnv>
  release: StudioRelease
  asked: Asked
  silent: number
  addresses: AddressCount
  plans: Plan[]
}
type Less = Omit<Props, 'silent' | 'addresses' | 'plans'>

const NOTICES = [
  'published',
  'scheduled',
  'members',
  'unlisted',
  'withdrawn',
  'gives',
  'link',
  'revoked',
  'closed',
] as const

export const AccessPage = ({ c, release, asked, silent, addresses, plans }: Props) => {
  const t = words(c.get('page').lang)
  const mayPublish = can(c.get('actor'), 'music.publish', { kind: 'artist', artistId: release.artist.id })
  const failed = Object.keys(asked.errors).length > 0
  const done = failed ? undefined : NOTICES.find((known) => known === c.req.query('done'))
  return (
    <ReleaseFrame
      c={c}
      release={release}
      section="access"
      scripts={['islands/copy-links.js']}
      notice={done && <Done c={c} release={release} done={done} />}
    >
      <ErrorSummary errors={asked.errors} lang={c.get('page').lang} />
      {mayPublish ? (
        <PublicationSteps
          c={c}
          of={release}
          href={releaseHref(release.id, 'access')}
          says={{
            publish: [publishWords(c, release), silent > 0 && t('publish_silent', { n: silent })]
              .filter(Boolean)
              .join(' '),
            unlist: t('unlist_words'),
            withdraw: t('withdraw_words'),
          }}
          asked={asked}
          members={
            <MembersStep
              page={c.get('page')}
              of={release}
              plans={plans}
              href={releaseHref(release.id, 'access')}
              says={t('members_words', { title: release.title })}
            />
          }
        />
      ) : (
        <p class="lead">{t('may_not_publish')}</p>
      )}
      {(mayPublish || release.visibility === 'draft') && <Gives c={c} release={release} asked={asked} />}
      {(release.asksAddress || addresses.addresses > 0) && (
        <Given c={c} release={release} addresses={addresses} mayPublish={mayPublish} />
      )}
      <Links c={c} release={release} mayPublish={mayPublish} />
    </ReleaseFrame>
  )
}

const Done = ({ c, release, done }: Omit<Less, 'asked'> & { done: (typeof NOTICES)[number] }) => {
  const page = c.get('page')
  const t = words(page.lang)
  if (done === 'scheduled' || done === 'members')
    return <>{publicationSentence(release, page.lang, zoneAt(c, release.artist.id))}</>
  if (done !== 'published') return <>{t(`done_${done}`)}</>
  return (
    <>
      {t('done_published')} <a href={release.path}>{page.base + release.path}</a>
    </>
  )
}

/** What publishing will do, said before. */
function publishWords(c: Context<WebEnv>, release: StudioRelease): string {
  const t = words(c.get('page').lang)
  const given = {
    stream: release.tracks.some((x) => x.gives.stream),
    download: release.tracks.some((x) => x.gives.download),
  }
  const key = {
    both: 'publish_words_both',
    stream: 'publish_words_stream',
    download: 'publish_words_download',
    nothing: 'publish_words_nothing',
  } as const
  const word = given.stream ? (given.download ? 'both' : 'stream') : given.download ? 'download' : 'nothing'
  return t(key[word], { title: release.title })
}

const Gives = ({ c, release, asked }: Less) => {
  const page = c.get('page')
  const t = words(page.lang)
  const own = release.tracks.filter((track) => track.own.stream !== null || track.own.download !== null).length
  return (
    <section>
      <h2>{t('gives_title')}</h2>
      <Form page={page} action={`${releaseHref(release.id, 'access')}/gives`}>
        <Radios
          name="gives"
          label={t('field_gives_release')}
          hint={own ? t('gives_exceptions', { n: own }) : undefined}
          value={givingOf(release.gives)}
          options={givingOptions(page.lang)}
          error={asked.errors['gives']}
        />
        <Radios
          name="for"
          label={t('field_for')}
          value={release.asksAddress ? 'address' : 'everyone'}
          options={[
            { value: 'everyone', label: t('for_everyone') },
            { value: 'address', label: t('for_address'), hint: t('for_address_hint') },
          ]}
        />
        <Button kind="plain">{t('save')}</Button>
      </Form>
    </section>
  )
}

/** What came of asking, and the way to close what was given. */
const Given = ({
  c,
  release,
  addresses,
  mayPublish,
}: Omit<Less, 'asked'> & { addresses: AddressCount; mayPublish: boolean }) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { addresses: n, asked, confirmed, open } = addresses
  return (
    <section>
      <h2>{t('given_title')}</h2>
      <p class="lead">
        {t('given_count', { n })} {n > 0 && t('given_asked', { n: asked, confirmed })}
      </p>
      {mayPublish && open > 0 && (
        <Form page={page} action={`${releaseHref(release.id, 'access')}/close-given`}>
          <p class="hint">{t('given_close_words', { n: open })}</p>
          <Button kind="plain">{t('given_close')}</Button>
        </Form>
      )}
    </section>
  )
}

const Links = ({ c, release, mayPublish }: Omit<Less, 'asked'> & { mayPublish: boolean }) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { date } = formats(page.lang)
  const columns = [
    { label: t('link_for'), cell: (link: SecretLink) => link.note || t('link_no_note') },
    { label: t('link_address'), cell: (link: SecretLink) => <LinkAddress c={c} release={release} link={link} /> },
    { label: t('link_visits'), numeric: true, cell: (link: SecretLink) => formats(page.lang).number(link.visits) },
    {
      label: t('link_state'),
      cell: (link: SecretLink) =>
        link.revokedAt ? (
          t('link_revoked', { date: date(link.revokedAt) })
        ) : mayPublish ? (
          <Form page={page} action={`${releaseHref(release.id, 'access')}/links/${link.id}/revoke`}>
            <Button kind="quiet" aria-label={t('revoke_label', { note: link.note || t('link_no_note') })}>
              {t('revoke')}
            </Button>
          </Form>
        ) : (
          t('link_open')
        ),
    },
  ]
  return (
    <section>
      <h2>{t('links_title')}</h2>
      <p class="lead">
        {['draft', 'members'].includes(release.visibility) ? t('links_words_closed') : t('links_words')}
      </p>
      {release.links.length > 0 && (
        <Table lang={page.lang} caption={t('links_title')} captionHidden columns={columns} rows={release.links} />
      )}
      {mayPublish && (
        <Form page={page} action={`${releaseHref(release.id, 'access')}/links`}>
          <Field name="note" label={t('field_note')} hint={t('hint_note')} note={t('optional')} maxlength={200} />
          <Button kind="plain">{t('make_link')}</Button>
        </Form>
      )}
    </section>
  )
}

/** In a field of its own, so that one press selects it whole, without scripts too. */
const LinkAddress = ({ c, release, link }: Omit<Less, 'asked'> & { link: SecretLink }) => {
  const page = c.get('page')
  const t = words(page.lang)
  const href = `${page.base}${release.path}?${SECRET_PARAMETER}=${link.token}`
  if (link.revokedAt) return <span class="quiet">…{link.token.slice(-4)}</span>
  return (
    <input
      type="text"
      readonly
      value={href}
      id={`link-${link.id}`}
      data-copy={t('copy')}
      data-copied={t('copied')}
      aria-label={t('link_address_of', { note: link.note || t('link_no_note') })}
    />
  )
}
