import { catalog, type Lang } from '../../platform/i18n/index.ts'
import { Button, Checkboxes, Form, Radios, TextArea } from '../../ui/forms.tsx'
import type { Page } from '../../ui/page.ts'
import type { Posted } from './form.ts'
import en from './locales/publication.en.json' with { type: 'json' }
import fr from './locales/publication.fr.json' with { type: 'json' }

const words = catalog({ en, fr })

/** A membership that an artist offers. */
export type Plan = { id: string; title: string }

export type MembersChoice = {
  /** Null while it is for no members. */
  givenTo: { plans: readonly string[] } | null
  membersListed: boolean
  teaser: string
}

type Props = {
  page: Page
  of: MembersChoice & { visibility: string }
  /** What there is to be a member of. */
  plans: Plan[]
  href: string
  /** Who will see what, said before. */
  says: string
}

/** The step that gives something to members alone. */
export const MembersStep = ({ page, of, plans, href, says }: Props) => {
  const t = words(page.lang)
  const { givenTo } = of
  return (
    <section>
      <h2>{t('members_title')}</h2>
      {plans.length === 0 && !givenTo ? (
        <p class="lead">
          {t('members_none')} <a href="/studio/shop/new?kind=membership">{t('members_offer')}</a>
        </p>
      ) : (
        <>
          <p class="lead">
            {says} {t(of.visibility === 'scheduled' ? 'members_until' : 'members_later')}
          </p>
          <Form page={page} action={`${href}/members`}>
            {(plans.length > 1 || !!givenTo?.plans.length) && (
              <>
                <Radios
                  name="for"
                  label={t('field_for')}
                  value={givenTo && (givenTo.plans.length ? 'these' : 'all')}
                  required
                  options={[
                    { value: 'all', label: t('for_all') },
                    { value: 'these', label: t('for_these') },
                  ]}
                />
                <Checkboxes
                  name="plans"
                  label={t('field_plans')}
                  values={[...(givenTo?.plans ?? [])]}
                  options={plans.map(({ id, title }) => ({ value: id, label: title }))}
                />
              </>
            )}
            <Radios
              name="listed"
              label={t('field_listed')}
              value={of.membersListed ? 'yes' : 'no'}
              options={[
                { value: 'yes', label: t('listed_yes'), hint: t('listed_yes_hint') },
                { value: 'no', label: t('listed_no'), hint: t('listed_no_hint') },
              ]}
            />
            <TextArea
              name="teaser"
              label={t('field_teaser')}
              hint={t('hint_teaser')}
              note={t('optional')}
              value={of.teaser}
              rows={3}
              maxlength={MOST_TEASER}
            />
            <Button kind="plain">{t(givenTo ? 'members_change' : 'members_button')}</Button>
          </Form>
        </>
      )}
    </section>
  )
}

const MOST_TEASER = 500

export const plansMissing = (lang: Lang): string => words(lang)('error_plans')

/**
 * What that form asks for; null where no membership is chosen though only some are meant. Plans that are not this artist's are none. It is for every
 * member where that is said; where nothing is said of plans, for those for whom it is already.
 */
export function readMembersChoice(
  form: Posted,
  known: Plan[],
  { givenTo }: Pick<MembersChoice, 'givenTo'>,
): { plans: string[]; listed: boolean; teaser: string } | null {
  const chosen = known.map(({ id }) => id).filter((id) => form.texts('plans').includes(id))
  const whom = form.text('for') || (chosen.length ? 'these' : 'as-before')
  if (whom === 'these' && !chosen.length) return null
  return {
    plans: whom === 'all' ? [] : whom === 'these' ? chosen : [...(givenTo?.plans ?? [])],
    listed: form.text('listed') !== 'no',
    teaser: form.text('teaser').normalize('NFC').replace(/\s+/g, ' ').trim().slice(0, MOST_TEASER),
  }
}
