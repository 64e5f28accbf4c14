import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats } from '../../../platform/i18n/index.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form, Radios, Select } from '../../../ui/forms.tsx'
import { LANGUAGE_OPTIONS } from '../entrance/pages.tsx'
import { actorOf, type WebEnv } from '../guard.ts'
import { Line, Lines } from '../lines.tsx'
import { can, type Role } from '../rights.rules.ts'
import { StudioPage } from '../studio-page.tsx'
import { Mandates, type MandateValues } from './mandates-section.tsx'
import { pathOf } from './paths.ts'
import type { PeoplePageData } from './people.views.ts'
import { words } from './words.ts'

type Props = {
  c: Context<WebEnv>
  data: PeoplePageData
  /** False for a label that may only hand the artist over. */
  mayGrant: boolean
  notice?: Child
  errors?: FieldErrors
  values?: { email?: string; role?: string; language?: string }
  mandate?: MandateValues
}

/** Who works for an artist or a label, who was asked to, and for an artist the labels that act for it. */
export const PeoplePage = (props: Props) => {
  const { c, data, notice, errors, mayGrant } = props
  const { place } = data
  const page = c.get('page')
  const t = words(page.lang)
  const maySeeHistory =
    place.kind === 'label' || can(c.get('actor'), 'artist.edit', { kind: 'artist', artistId: place.id })
  return (
    <StudioPage
      c={c}
      title={t('title', { name: place.name })}
      foot="/studio/people"
      artistId={place.kind === 'artist' ? place.id : undefined}
      labelId={place.kind === 'label' ? place.id : undefined}
      notice={notice}
    >
      <h1>{t('title', { name: place.name })}</h1>
      <ErrorSummary errors={errors} lang={page.lang} />
      <Members {...props} />
      {data.invitations.length > 0 && <Invitations {...props} />}
      <Invite {...props} />
      {place.kind === 'artist' && mayGrant && <Mandates {...props} />}
      {maySeeHistory && (
        <p class="actions">
          <a href={`/studio/${place.kind}s/${place.id}/history`}>{t('history')}</a>
        </p>
      )}
    </StudioPage>
  )
}

const Members = ({ c, data: { place, members }, errors }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { accountId } = actorOf(c)
  const answered = members.some(({ role }) => role !== 'editor')
  return (
    <section id="f-members" tabindex={-1}>
      <h2>{t('members')}</h2>
      {!answered && <p class="lead">{t('members_none', { name: place.name })}</p>}
      {errors?.['members'] && <p class="error">{errors['members']}</p>}
      <Lines>
        {members.map((member) => {
          const name = member.name || member.email
          return (
            <Line
              name={member.accountId === accountId ? `${name} (${t('you')})` : name}
              says={`${t(`role_${member.role}`)} · ${member.email}`}
            >
              <Form
                page={page}
                action={
                  member.accountId === accountId
                    ? `/studio/account/memberships/${member.id}/leave`
                    : `${pathOf(place)}/members/${member.id}/remove`
                }
              >
                {place.kind === 'artist' && (
                  <Button
                    kind="quiet"
                    formaction={`${pathOf(place)}/members/${member.id}/role`}
                    name="role"
                    value={member.role === 'artist' ? 'editor' : 'artist'}
                  >
                    {t(member.role === 'artist' ? 'make_editor' : 'make_artist')}
                  </Button>
                )}
                <Button kind="quiet" aria-label={t('remove_named', { name })}>
                  {t('remove')}
                </Button>
              </Form>
            </Line>
          )
        })}
      </Lines>
    </section>
  )
}

const Invitations = ({ c, data: { place, invitations } }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { date } = formats(page.lang)
  return (
    <section>
      <h2>{t('invited')}</h2>
      <Lines>
        {invitations.map(({ id, email, role, createdAt }) => (
          <Line name={email} says={t('invited_since', { role: t(`role_${role}`), date: date(createdAt) })}>
            <Form page={page} action={`${pathOf(place)}/invitations/${id}/send`}>
              <Button kind="quiet" aria-label={t('send_again_named', { email })}>
                {t('send_again')}
              </Button>
              <Button
                kind="quiet"
                formaction={`${pathOf(place)}/invitations/${id}/withdraw`}
                aria-label={t('withdraw_named', { email })}
              >
                {t('withdraw')}
              </Button>
            </Form>
          </Line>
        ))}
      </Lines>
    </section>
  )
}

const ROLES: Role[] = ['artist', 'editor']

const Invite = ({ c, data: { place }, mayGrant, errors, values }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  return (
    <section>
      <h2>{t('invite_title')}</h2>
      <Form page={page} action={`${pathOf(place)}/invite`} novalidate>
        <Field
          name="email"
          label={t('invite_mail')}
          type="email"
          value={values?.email}
          error={errors?.['email']}
          autocomplete="off"
          required
        />
        {place.kind === 'artist' && mayGrant && (
          <Radios
            name="role"
            label={t('role')}
            value={values?.role ?? 'editor'}
            error={errors?.['role']}
            options={ROLES.map((role) => ({
              value: role,
              label: t(`role_${role}`),
              hint: role === 'artist' ? t('role_artist_hint') : t('role_editor_hint'),
            }))}
          />
        )}
        <Select
          name="language"
          label={t('invite_language')}
          value={values?.language ?? page.lang}
          options={LANGUAGE_OPTIONS}
        />
        <Button>{t('invite_send')}</Button>
      </Form>
    </section>
  )
}
