import type { Context } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import { Button, Field, type FieldErrors, FileField, Form } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import { clockAt, type WebEnv } from '../../identity/index.ts'
import type { OrderDetails } from '../order.views.ts'
import { PROOF_YEARS } from './keep-proof.ts'
import type { SentParcel } from './parcels.views.ts'
import { evidenceOf } from './shipping-evidence.ts'
import { words } from './words.ts'

/** What was typed into a field, when it could not be taken. */
export type Typed = (name: string) => string

type Props = { page: Page; parcel: SentParcel; errors?: FieldErrors | undefined; typed?: Typed | undefined }

/** What shows that a parcel was handed over, and where more of it is put. */
export const Proofs = ({ page, parcel: { id, proofs }, errors, typed }: Props) => {
  const { lang } = page
  const t = words(lang)
  const { date } = formats(lang)
  const wrong = ['proof', 'reference', 'handedOn'].some((name) => errors?.[`${name}_${id}`])
  return (
    <>
      {proofs.length > 0 && (
        <ul class="lines plain">
          {proofs.map((proof) => (
            <li>
              <b>
                {proof.fileName ? (
                  <a href={`/studio/parcels/proofs/${proof.id}`} data-reload="">
                    {proof.fileName}
                  </a>
                ) : (
                  t('proof')
                )}
              </b>
              <small>
                {[
                  proof.reference && t('proof_number', { number: proof.reference }),
                  proof.handedOn && t('proof_on', { date: date(new Date(`${proof.handedOn}T12:00:00Z`)) }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </small>
              <Form page={page} action={`/studio/parcels/proofs/${proof.id}/drop`}>
                <Button
                  kind="quiet"
                  aria-label={t('proof_drop_this', { what: proof.fileName || proof.reference || t('proof') })}
                >
                  {t('proof_drop')}
                </Button>
              </Form>
            </li>
          ))}
        </ul>
      )}
      <details open={wrong}>
        <summary>{t('proof_title')}</summary>
        <p>{t('proof_lead', { years: PROOF_YEARS })}</p>
        <Form page={page} action={`/studio/parcels/${id}/proofs`} files>
          <input type="hidden" name="key" value={newId()} />
          <FileField
            name={`proof_${id}`}
            label={t('proof_file')}
            note={t('optional')}
            accept="image/*,application/pdf"
            error={errors?.[`proof_${id}`]}
          />
          <Field
            name={`reference_${id}`}
            label={t('proof_reference')}
            note={t('optional')}
            value={typed?.(`reference_${id}`)}
            autocomplete="off"
            maxlength={60}
          />
          <Field
            name={`handedOn_${id}`}
            type="date"
            label={t('proof_day')}
            note={t('optional')}
            value={typed?.(`handedOn_${id}`)}
            error={errors?.[`handedOn_${id}`]}
          />
          <Button kind="plain">{t('proof_keep')}</Button>
        </Form>
      </details>
    </>
  )
}

type EvidenceProps = {
  c: Context<WebEnv>
  order: OrderDetails
  parcels: SentParcel[]
  dispute: OrderDetails['disputes'][number]
}

/** What can be said to a bank of what was sent, before it is laid beside the dispute. */
export const DisputeEvidence = ({ c, order, parcels, dispute }: EvidenceProps) => {
  const { page } = c.var
  const { lang } = page
  const t = words(lang)
  const evidence = evidenceOf(order, parcels)
  if (!evidence) return null
  const files = parcels.some(({ proofs }) => proofs.some(({ fileName }) => fileName))
  return (
    <>
      <p>{t('evidence_lead')}</p>
      <dl class="sums">
        {(['date', 'carrier', 'number', 'address'] as const).map(
          (name) =>
            evidence[name] && (
              <>
                <dt>{t(`evidence_${name}`)}</dt>
                <dd class="as-written">{evidence[name]}</dd>
              </>
            ),
        )}
      </dl>
      {files && <p>{t('evidence_files')}</p>}
      {dispute.evidenceAt && <p>{t('evidence_at', { date: clockAt(c, order.artistId)(dispute.evidenceAt) })}</p>}
      <Form page={page} action={`/studio/orders/${order.id}/evidence`}>
        <Button kind="plain">{t(dispute.evidenceAt ? 'evidence_again' : 'evidence_send')}</Button>
      </Form>
    </>
  )
}
