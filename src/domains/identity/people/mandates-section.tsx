import type { Context } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import { Button, Checkboxes, type FieldErrors, Form, Select } from '../../../ui/forms.tsx'
import type { WebEnv } from '../guard.ts'
import { Line, Lines } from '../lines.tsx'
import { MANDATE_PERMISSIONS, type MandatePermission } from '../rights.rules.ts'
import { pathOf } from './paths.ts'
import type { PeoplePageData } from './people.views.ts'
import { words } from './words.ts'

export type MandateValues = { labelId: string; permissions: string[] }
type Props = { c: Context<WebEnv>; data: PeoplePageData; errors?: FieldErrors; mandate?: MandateValues }

/** What labels may do for this artist: seen, given, changed, taken back. */
export const Mandates = (props: Props) => {
  const { c, data } = props
  const { place, mandates } = data
  const page = c.get('page')
  const t = words(page.lang)
  const { date, list } = formats(page.lang)
  const what = (permissions: MandatePermission[]) => list(permissions.map((one) => t(`may_${one}`).toLowerCase()))
  return (
    <section>
      <h2>{t('mandates', { name: place.name })}</h2>
      <p class="lead">{t('mandates_lead')}</p>
      {mandates.length > 0 && (
        <Lines>
          {mandates.map(({ id, label, permissions, grantedAt }) => (
            <Line name={label} says={t('mandate_since', { date: date(grantedAt), what: what(permissions) })}>
              <Form page={page} action={`${pathOf(place)}/mandates/${id}/revoke`}>
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

const Grant = ({ c, data: { place, labels }, errors, mandate }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  if (!labels.length) return <p class="quiet">{t('mandate_no_labels')}</p>
  return (
    <>
      <h3 style="margin-top:var(--s5)">{t('mandate_new')}</h3>
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
        <Checkboxes
          name="permissions"
          label={t('mandate_what')}
          values={mandate?.permissions ?? []}
          error={errors?.['permissions']}
          options={MANDATE_PERMISSIONS.map((value) => ({ value, label: t(`may_${value}`) }))}
        />
        <Button kind="plain">{t('mandate_send')}</Button>
      </Form>
    </>
  )
}
