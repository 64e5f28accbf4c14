import type { Context } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import { Button, Checkboxes, Field, type FieldErrors, Form, Select } from '../../../ui/forms.tsx'
import type { WebEnv } from '../guard.ts'
import { Line, Lines } from '../lines.tsx'
import { MANDATE_PERMISSIONS, type MandatePermission } from '../rights.rules.ts'
import { pathOf } from './paths.ts'
import type { PeoplePageData } from './people.views.ts'
import { words } from './words.ts'

export type MandateValues = { labelId: string; permissions: string[]; lastDay: string }
type Props = { c: Context<WebEnv>; data: PeoplePageData; errors?: FieldErrors; mandate?: MandateValues }

/** What labels may do for this artist: asked for, seen, given, changed, taken back. */
export const Mandates = (props: Props) => {
  const { c, data } = props
  const { place, mandates, requests } = data
  const page = c.get('page')
  const t = words(page.lang)
  const { date } = formats(page.lang)
  const path = pathOf(place)
  const changing = (labelId: string) => `${path}?label=${labelId}#mandate`
  const until = (day: string | null) => (day ? t('mandate_until', { date: date(new Date(day)) }) : t('mandate_open'))
  return (
    <section id="mandates">
      <h2>{t('mandates', { name: place.name })}</h2>
      <p class="lead">{t('mandates_lead')}</p>
      {requests.length > 0 && (
        <>
          <h3>{t('requests')}</h3>
          <Lines>
            {requests.map(({ id, labelId, label, permissions, lastDay, message }) => (
              <Line
                name={label}
                says={
                  <>
                    {t('request_says', { what: whatOf(page.lang, permissions), until: until(lastDay) })}
                    {message && (
                      <span style="display:block;white-space:pre-line">
                        {t('mandate_says', { name: label, message })}
                      </span>
                    )}
                  </>
                }
              >
                <Form page={page} action={`${path}/mandates`}>
                  <Button kind="quiet" href={changing(labelId)} aria-label={t('request_change_named', { name: label })}>
                    {t('mandate_change')}
                  </Button>
                  <Granted labelId={labelId} permissions={permissions} lastDay={lastDay} />
                  <Button kind="quiet" aria-label={t('request_give_named', { name: label })}>
                    {t('request_give')}
                  </Button>
                  <Button
                    kind="quiet"
                    formaction={`${path}/requests/${id}/decline`}
                    aria-label={t('request_decline_named', { name: label })}
                  >
                    {t('request_decline')}
                  </Button>
                </Form>
              </Line>
            ))}
          </Lines>
        </>
      )}
      {mandates.length > 0 && requests.length > 0 && <h3 style="margin-top:var(--s5)">{t('mandates_living')}</h3>}
      {mandates.length > 0 && (
        <Lines>
          {mandates.map(({ id, labelId, label, permissions, grantedAt, lastDay }) => (
            <Line
              name={label}
              says={t('mandate_since', {
                date: date(grantedAt),
                what: whatOf(page.lang, permissions),
                until: until(lastDay),
              })}
            >
              <Form page={page} action={`${path}/mandates/${id}/revoke`}>
                <Button kind="quiet" href={changing(labelId)} aria-label={t('mandate_change_named', { name: label })}>
                  {t('mandate_change')}
                </Button>
                <Button kind="quiet" aria-label={t('mandate_revoke_named', { name: label })}>
                  {t('mandate_revoke')}
                </Button>
              </Form>
            </Line>
          ))}
        </Lines>
      )}
      <Grant {...props} />
    </section>
  )
}

const whatOf = (lang: WebEnv['Variables']['page']['lang'], permissions: MandatePermission[]): string =>
  formats(lang).list(permissions.map((one) => words(lang)(`may_${one}`).toLowerCase()))

/** The hidden fields with which a mandate is given as it was asked for, or once more as it was. */
export const Granted = ({
  labelId,
  permissions,
  lastDay,
}: Omit<MandateValues, 'lastDay'> & { lastDay: string | null }) => (
  <>
    <input type="hidden" name="labelId" value={labelId} />
    {permissions.map((one) => (
      <input type="hidden" name="permissions" value={one} />
    ))}
    <input type="hidden" name="lastDay" value={lastDay ?? ''} />
  </>
)

const Grant = ({ c, data: { place, labels }, errors, mandate }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  if (!labels.length) return <p class="quiet">{t('mandate_no_labels')}</p>
  return (
    <>
      <h3 id="mandate" style="margin-top:var(--s5)">
        {t('mandate_new')}
      </h3>
      <Form page={page} action={`${pathOf(place)}/mandates`} novalidate>
        <Select
          name="labelId"
          label={t('mandate_label')}
          value={mandate?.labelId}
          error={errors?.['labelId']}
          options={[
            { value: '', label: t('mandate_choose') },
            ...labels.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <MandateFields c={c} values={mandate} errors={errors} />
        <Button kind="plain">{t('mandate_send')}</Button>
      </Form>
    </>
  )
}

type FieldsProps = { c: Context<WebEnv>; values: Partial<MandateValues> | undefined; errors: FieldErrors | undefined }

/** What a label may do, and until when: given by an artist, or asked for by a label. */
export const MandateFields = ({ c, values, errors }: FieldsProps) => {
  const t = words(c.get('page').lang)
  return (
    <>
      <Checkboxes
        name="permissions"
        label={t('mandate_what')}
        values={values?.permissions ?? []}
        error={errors?.['permissions']}
        options={MANDATE_PERMISSIONS.map((value) => ({ value, label: t(`may_${value}`) }))}
      />
      <Field
        name="lastDay"
        type="date"
        label={t('mandate_last_day')}
        hint={t('mandate_last_day_hint')}
        value={values?.lastDay}
        error={errors?.['lastDay']}
      />
    </>
  )
}
