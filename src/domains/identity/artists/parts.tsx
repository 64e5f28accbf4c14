import type { Context } from 'hono'
import { Button, Checkbox, ErrorSummary, Field, type FieldErrors, FileField, Form } from '../../../ui/forms.tsx'
import type { WebEnv } from '../guard.ts'
import type { ShownPicture } from './directory.views.ts'
import { words } from './words.ts'

type PictureProps = {
  c: Context<WebEnv>
  label: string
  picture: ShownPicture | null
  errors?: FieldErrors | undefined
}

/** The picture there is, another one, or none. */
export const PictureFields = ({ c, label, picture, errors }: PictureProps) => {
  const t = words(c.get('page').lang)
  return (
    <>
      {picture && (
        <p class="field">
          <img {...picture} alt={t('picture_alt')} style="max-width:10rem" />
        </p>
      )}
      <FileField
        name="picture"
        label={label}
        hint={t('picture_hint')}
        error={errors?.['picture']}
        accept="image/jpeg,image/png,image/webp,image/avif"
        data-whole=""
      />
      {picture && <Checkbox name="picture_remove" label={t('picture_remove')} data-whole="" />}
    </>
  )
}

type AddressProps = { c: Context<WebEnv>; action: string; slug: string; typed?: string; error?: string | undefined }

/** The page's own address, moved in a form of its own. */
export const AddressForm = ({ c, action, slug, typed, error }: AddressProps) => {
  const page = c.get('page')
  const t = words(page.lang)
  return (
    <section>
      <h2>{t('address_title')}</h2>
      {error && <ErrorSummary errors={{ slug: error }} lang={page.lang} />}
      <Form page={page} action={action} novalidate>
        <Field
          name="slug"
          label={t('address')}
          hint={t('address_hint', { base: page.base.replace(/^https?:\/\//, '') })}
          value={typed ?? slug}
          error={error}
          autocapitalize="none"
          spellcheck="false"
          maxlength={100}
          required
        />
        <Button kind="plain">{t('address_send')}</Button>
      </Form>
    </section>
  )
}
