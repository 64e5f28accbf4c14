import type { Context } from 'hono'
import { Hono } from 'hono'
import { renderSVG } from 'uqr'
import { formats } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form, Select } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import { isSubject, type Offer, offersFor, type Subject } from '../../exchange/index.ts'
import {
  actorOf,
  guard,
  readForm,
  type Sender,
  StudioPage,
  senderAtDesk,
  senderHere,
  senderOf,
  senderThing,
  smallBody,
  type WebEnv,
} from '../../identity/index.ts'
import { keywordOf, setKeyword } from '../set-keyword.ts'
import { whoseById } from '../whose.views.ts'
import type { Doors } from './door.routes.tsx'
import { Poster } from './door-page.tsx'
import { closeDoor, type DoorRow, doorById, doorPath, doorsOf, makeDoor } from './doors.store.ts'
import { words } from './words.ts'

const PATH = '/studio/fans/doors'
const UUID = '[0-9a-f-]{36}'

/** Where an artist or label makes short addresses for concerts, and prints their posters. */
export function doorStudio(platform: Platform, { giftOf, offers }: Doors): Hono<WebEnv> {
  const { db } = platform
  const atDesk = senderAtDesk('fans.edit')
  const ofDoor = guard('fans.edit', async (c) => {
    const door = await doorById(db, c.req.param('id') ?? '')
    return door && senderThing(senderOf(door))
  })

  /** What is public and may be taken by everybody. */
  async function gifts(sender: Sender): Promise<Offer[]> {
    const all = (await offersFor(offers, db, sender)).filter(({ subject }) => /^(release|track):/.test(subject))
    const given = await Promise.all(all.map(({ subject }) => giftOf(subject)))
    return all.filter((_, index) => given[index] !== null)
  }

  async function page(c: Context<WebEnv>, errors?: FieldErrors, occasion = '') {
    const { sender } = senderHere(c)
    const [doors, offered] = [await doorsOf(db, sender), await gifts(sender)]
    const keyword = await keywordOf(db, sender)
    return c.html(
      <DoorsPage
        c={c}
        sender={sender}
        doors={doors}
        offered={offered}
        errors={errors}
        occasion={occasion}
        keyword={keyword}
      />,
      errors ? 422 : 200,
    )
  }

  return new Hono<WebEnv>()
    .get(PATH, atDesk, (c) => page(c))
    .post(PATH, atDesk, smallBody, async (c) => {
      const { sender } = senderHere(c)
      const posted = await readForm(c)
      const occasion = posted.text('occasion').slice(0, 120)
      if (!occasion) return page(c, { occasion: words(c.var.page.lang)('occasion_missing') })
      const gives = posted.text('gives')
      const given = isSubject(gives) && (await gifts(sender)).some(({ subject }) => subject === gives) ? gives : null
      await makeDoor(platform, { sender, occasion, gives: given, createdBy: actorOf(c).accountId })
      return c.redirect(`${PATH}?done=made`, 303)
    })
    .post(`${PATH}/keyword`, atDesk, smallBody, async (c) => {
      const { sender } = senderHere(c)
      const set = await setKeyword(platform, sender, (await readForm(c)).text('keyword'))
      if (!set.ok) return page(c, { keyword: words(c.var.page.lang)(`keyword_${set.error}`) })
      return c.redirect(`${PATH}?done=keyword`, 303)
    })
    .post(`${PATH}/:id{${UUID}}/close`, ofDoor, async (c) => {
      await closeDoor(platform, c.req.param('id'))
      return c.redirect(`${PATH}?done=closed`, 303)
    })
    .get(`${PATH}/:id{${UUID}}/poster`, ofDoor, async (c) => {
      const door = await doorById(db, c.req.param('id'))
      const whose = door && (await whoseById(db, door))
      if (!door || !whose) return c.notFound()
      const { lang, base } = c.var.page
      const address = base + doorPath(door.code)
      // Level M bears a crease and a splash; four modules of margin, as ISO/IEC 18004 asks.
      const svg = renderSVG(address, { ecc: 'M', border: 4 })
      const gift = door.gives ? await giftOf(door.gives as Subject) : null
      return c.html(
        <Poster
          lang={lang}
          name={whose.name}
          svg={svg}
          address={address.replace(/^https?:\/\//, '')}
          gift={gift?.title ?? null}
          back={PATH}
        />,
      )
    })
}

type PageProps = {
  c: Context<WebEnv>
  sender: Sender
  doors: DoorRow[]
  offered: Offer[]
  errors: FieldErrors | undefined
  occasion: string
  keyword: string | null
}

const DoorsPage = ({ c, sender, doors, offered, errors, occasion, keyword }: PageProps) => {
  const { page } = c.var
  const t = words(page.lang)
  const { number } = formats(page.lang)
  const done = errors ? undefined : c.req.query('done')
  const notice =
    done === 'made'
      ? t('made')
      : done === 'closed'
        ? t('closed_done')
        : done === 'keyword' && keyword
          ? t('keyword_saved', { word: keyword })
          : undefined
  const columns = [
    { label: t('occasion'), cell: (door: DoorRow) => door.occasion },
    {
      label: t('address'),
      cell: (door: DoorRow) =>
        door.closedAt ? (
          t('closed')
        ) : (
          <a href={doorPath(door.code)}>{page.base.replace(/^https?:\/\//, '') + doorPath(door.code)}</a>
        ),
    },
    { label: t('came'), numeric: true, cell: (door: DoorRow) => number(door.came) },
    { label: t('confirmed'), numeric: true, cell: (door: DoorRow) => number(door.confirmed) },
    {
      label: t('poster'),
      cell: (door: DoorRow) =>
        !door.closedAt && (
          <>
            <Button
              href={`${PATH}/${door.id}/poster`}
              kind="quiet"
              data-reload=""
              aria-label={t('poster_of', { occasion: door.occasion })}
            >
              {t('poster')}
            </Button>
            <Form page={page} action={`${PATH}/${door.id}/close`}>
              <Button kind="quiet" aria-label={t('close_of', { occasion: door.occasion })}>
                {t('close')}
              </Button>
            </Form>
          </>
        ),
    },
  ]
  return (
    <StudioPage c={c} title={t('doors')} current="fans" {...sender} notice={notice}>
      <h1>{t('doors')}</h1>
      <p class="lead">{t('doors_lead')}</p>
      {doors.length > 0 && <Table lang={page.lang} caption={t('doors')} captionHidden columns={columns} rows={doors} />}
      <section>
        <h2>{t('new')}</h2>
        <ErrorSummary errors={errors} lang={page.lang} />
        <Form page={page} action={PATH} novalidate>
          <Field
            name="occasion"
            label={t('occasion')}
            hint={t('occasion_hint')}
            value={occasion}
            error={errors?.['occasion']}
            maxlength={120}
            required
          />
          <Select
            name="gives"
            label={t('gives')}
            hint={t('gives_hint')}
            value=""
            options={[
              { value: '', label: t('gives_none') },
              ...offered.map(({ subject, title }) => ({ value: subject as string, label: title })),
            ]}
          />
          <Button>{t('make')}</Button>
        </Form>
      </section>
      <section>
        <h2>{t('keyword')}</h2>
        <p class="lead">{t('keyword_lead')}</p>
        <Form page={page} action={`${PATH}/keyword`} novalidate>
          <Field
            name="keyword"
            label={t('keyword_word')}
            hint={t('keyword_hint')}
            value={keyword}
            error={errors?.['keyword']}
            maxlength={20}
          />
          <Button kind="plain">{t('keyword_save')}</Button>
        </Form>
      </section>
    </StudioPage>
  )
}
