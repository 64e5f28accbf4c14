import type { Context } from 'hono'
import { formats } from '../../platform/i18n/index.ts'
import { imageUrl } from '../../platform/images/index.ts'
import { Button, ErrorSummary, Field, type FieldErrors, FileField, Form } from '../../ui/forms.tsx'
import { StudioPage, type WebEnv, zoneAt } from '../identity/index.ts'
import { LONGEST_CAPTION, MAX_RIDER_BYTES, MOST_PICTURES } from './files.rules.ts'
import type { Rider } from './files.views.ts'
import type { PressPicture } from './press.views.ts'
import { words } from './words.ts'

/** What was typed for a new picture. */
export type Typed = { caption: string; credit: string }

type Props = {
  c: Context<WebEnv>
  artist: { id: string }
  rider: Rider | null
  pictures: PressPicture[]
  errors: FieldErrors | undefined
  typed: Typed
}

const DONE = {
  rider: 'rider_kept',
  rider_gone: 'rider_gone',
  picture: 'picture_kept',
  saved: 'saved',
  picture_gone: 'picture_gone',
} as const

export const FilesPage = (props: Props) => {
  const { c, artist, pictures, errors } = props
  const { page } = c.var
  const t = words(page.lang)
  const done = DONE[c.req.query('done') as keyof typeof DONE]
  return (
    <StudioPage
      c={c}
      title={t('files')}
      artistId={artist.id}
      foot="/studio/press"
      notice={!errors && done ? t(done) : null}
    >
      <p class="quiet">
        <a href="/studio/press">{t('studio_title')}</a>
      </p>
      <h1>{t('files')}</h1>
      <ErrorSummary errors={errors} lang={page.lang} />
      <RiderForm {...props} />
      <section>
        <h2>{t('own_pictures')}</h2>
        <p class="lead">{t('own_pictures_lead')}</p>
        {pictures.length > 0 && (
          <ul class="lines plain" style="margin-bottom:1.5rem">
            {pictures.map((picture, at) => (
              <OwnPicture {...props} picture={picture} edge={{ up: at === 0, down: at === pictures.length - 1 }} />
            ))}
          </ul>
        )}
        {pictures.length < MOST_PICTURES ? (
          <AddPicture {...props} />
        ) : (
          <p>{t('error_many_pictures', { most: MOST_PICTURES })}</p>
        )}
      </section>
    </StudioPage>
  )
}

const RiderForm = ({ c, artist, rider, errors }: Props) => {
  const { page } = c.var
  const t = words(page.lang)
  const { bytes, date } = formats(page.lang)
  return (
    <section>
      <h2>{t('rider')}</h2>
      <p class="lead">{t('rider_file_lead')}</p>
      {rider && (
        <>
          <p>{t('rider_there', { size: bytes(rider.size), date: date(rider.addedAt, zoneAt(c, artist.id)) })}</p>
          <Form page={page} action="/studio/press/files/rider/remove" style="margin-bottom:1rem">
            <Button kind="quiet" aria-label={t('remove_rider')}>
              {t('remove')}
            </Button>
          </Form>
        </>
      )}
      <Form page={page} action="/studio/press/files/rider" files novalidate>
        <FileField
          name="rider"
          label={t(rider ? 'rider_instead' : 'rider_file')}
          hint={t('rider_file_hint', { size: bytes(MAX_RIDER_BYTES) })}
          error={errors?.['rider']}
          accept="application/pdf,.pdf"
          required
        />
        <Button kind="plain">{t('keep_rider')}</Button>
      </Form>
    </section>
  )
}

const AddPicture = ({ c, errors, typed }: Props) => {
  const { page } = c.var
  const t = words(page.lang)
  return (
    <Form page={page} action="/studio/press/files/pictures" files novalidate>
      <FileField
        name="picture"
        label={t('picture')}
        hint={t('picture_hint')}
        error={errors?.['picture']}
        accept="image/jpeg,image/png,image/webp,image/avif,image/tiff"
        required
      />
      <Said c={c} name="" said={typed} error={errors?.['caption']} />
      <Button kind="plain">{t('add_picture')}</Button>
    </Form>
  )
}

type SaidProps = { c: Context<WebEnv>; name: string; said: Typed; error: string | undefined }

/** What a picture shows and whose it is. `name` tells the fields of one picture from those of another. */
const Said = ({ c, name, said, error }: SaidProps) => {
  const t = words(c.var.page.lang)
  const id = (field: string) => (name ? `f-${field}_${name}` : `f-${field}`)
  const common = { maxlength: LONGEST_CAPTION, autocomplete: 'off' }
  return (
    <>
      <Field
        {...common}
        name="caption"
        id={id('caption')}
        label={t('caption')}
        hint={t('caption_hint')}
        value={said.caption}
        error={error}
        required
      />
      <Field
        {...common}
        name="credit"
        id={id('credit')}
        label={t('own_credit')}
        hint={t('own_credit_hint')}
        value={said.credit}
      />
    </>
  )
}

type OwnProps = Props & { picture: PressPicture; edge: { up: boolean; down: boolean } }

const OwnPicture = ({ c, picture, edge, errors }: OwnProps) => {
  const { page } = c.var
  const t = words(page.lang)
  const { name, caption, credit, sha256, width, height, widths } = picture
  const small = widths.find((one) => one >= 320) ?? widths.at(-1) ?? 0
  const action = `/studio/press/files/pictures/${name}`
  const by = c.req.query('moved') === name ? c.req.query('by') : undefined
  // At the edge the button that was pressed is gone: the other one takes the focus.
  const focus = by && (by === 'up' ? (edge.up ? 'down' : 'up') : edge.down ? 'up' : 'down')
  return (
    <li id={`picture-${name}`} style="grid-template-columns:minmax(0,1fr)">
      <div>
        <img
          src={imageUrl(sha256, small, 'jpg')}
          alt=""
          width={width}
          height={height}
          loading="lazy"
          style="width:10rem;height:auto;margin-bottom:0.75rem"
        />
        <Form page={page} action={action} novalidate>
          <Said c={c} name={name} said={{ caption, credit }} error={errors?.[`caption_${name}`]} />
          <Button kind="plain" aria-label={t('save_picture', { caption })}>
            {t('save')}
          </Button>
        </Form>
        {!(edge.up && edge.down) && (
          <Form page={page} action={`${action}/move`} style="display:flex;margin:0">
            {(['up', 'down'] as const).map((to) => (
              <Button
                kind="quiet"
                name="to"
                value={to}
                aria-label={t(`move_${to}`, { caption })}
                disabled={edge[to]}
                autofocus={focus === to}
              >
                {to === 'up' ? '↑' : '↓'}
              </Button>
            ))}
          </Form>
        )}
        <Form page={page} action={`${action}/remove`} style="margin:0">
          <Button kind="quiet" aria-label={t('remove_picture', { caption })}>
            {t('remove')}
          </Button>
        </Form>
      </div>
    </li>
  )
}
