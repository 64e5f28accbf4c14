import type { Lang } from '../../src/platform/i18n/index.ts'
import { Empty } from '../../src/ui/empty.tsx'
import {
  Button,
  Checkbox,
  ErrorSummary,
  Field,
  FileField,
  Form,
  Radios,
  Select,
  TextArea,
} from '../../src/ui/forms.tsx'
import type { Page } from '../../src/ui/page.ts'
import { type Section, StudioLayout, type StudioLayoutProps } from '../../src/ui/studio-layout.tsx'
import { Table } from '../../src/ui/table.tsx'
import { pageFor } from './samples.ts'
import type { Look, Screen } from './screen.types.ts'

const around = (page: Page, current: Section): Omit<StudioLayoutProps, 'title'> => ({
  page,
  current,
  rail: (['home', 'music', 'journal', 'fans', 'inbox', 'returns', 'shop', 'label'] as const).map((section) => ({
    section,
    href: `/studio/${section}`,
    waiting: section === 'inbox' ? 3 : undefined,
  })),
  desk: { name: 'Demo', siteHref: '/demo', others: [{ name: 'Second Demo', href: '/studio?as=2' }] },
  account: { href: '/studio/account', signOutAction: '/sign-out' },
  scripts: [],
})

const pageOf = ({ lang, assets }: Look) => pageFor(lang, '/studio', assets, { name: 'demo@example.org' })
const say = (lang: Lang, en: string, fr: string) => (lang === 'fr' ? fr : en)

const rows = [
  { title: 'Étude in Wood', listens: 12_408, taken: 311, kept: '41 %' },
  { title: 'Salt', listens: 980, taken: 12, kept: '18 %' },
  { title: 'Twelve Small Pieces for a Large Room', listens: 44, taken: 0, kept: '–' },
]

export const studioScreens: Screen[] = [
  {
    name: 'studio-home',
    render: (look) => (
      <StudioLayout {...around(pageOf(look), 'home')} title={say(look.lang, 'Home', 'Accueil')}>
        <h1 class="hidden">{say(look.lang, 'Home', 'Accueil')}</h1>
        <section class="strip">
          <h2>{say(look.lang, 'What will you give?', 'Que donnerez-vous ?')}</h2>
          <div>
            <p class="lead">
              {say(look.lang, 'Nothing is planned after 12 December.', 'Rien n’est prévu après le 12 décembre.')}
            </p>
            <Button href="/studio/music/new">{say(look.lang, 'Give some music', 'Donner de la musique')}</Button>
          </div>
        </section>
        <section class="strip">
          <h2>{say(look.lang, 'What came back', 'Ce qui est revenu')}</h2>
          <Table
            lang={look.lang}
            caption={say(look.lang, 'Since Tuesday', 'Depuis mardi')}
            rows={rows}
            columns={[
              { label: say(look.lang, 'Release', 'Parution'), cell: (row) => <a href="/studio/1">{row.title}</a> },
              {
                label: say(look.lang, 'Listens', 'Écoutes'),
                cell: (row) => row.listens,
                numeric: true,
                sort: { href: '?', direction: 'down' },
              },
              {
                label: say(look.lang, 'Taken', 'Emportés'),
                cell: (row) => row.taken,
                numeric: true,
                sort: { href: '?', direction: null },
              },
              {
                label: say(look.lang, 'After the first week', 'Après la première semaine'),
                cell: (row) => row.kept,
                numeric: true,
              },
            ]}
          />
        </section>
        <section class="strip">
          <h2>{say(look.lang, 'Who is waiting', 'Qui attend')}</h2>
          <p class="quiet">
            {say(look.lang, 'Nobody. Everyone has had an answer.', 'Personne. Tout le monde a eu sa réponse.')}
          </p>
        </section>
      </StudioLayout>
    ),
  },
  {
    name: 'studio-form',
    render: (look) => {
      const page = pageOf(look)
      const errors = {
        title: say(look.lang, 'A release needs a title.', 'Une parution a besoin d’un titre.'),
        barcode: say(
          look.lang,
          'The last digit does not fit the others: 0 or 5 was expected.',
          'Le dernier chiffre ne va pas avec les autres : on attendait 0 ou 5.',
        ),
      }
      return (
        <StudioLayout
          {...around(page, 'music')}
          title={say(look.lang, 'New release', 'Nouvelle parution')}
          tray={
            <ul>
              <li>
                <span>Door, Half Open.wav</span>
                <span class="figures">62 %</span>
                <progress max="100" value="62" aria-label="Door, Half Open.wav" />
              </li>
            </ul>
          }
        >
          <h1>{say(look.lang, 'New release', 'Nouvelle parution')}</h1>
          <ErrorSummary errors={errors} lang={look.lang} />
          <Form page={page} action="/studio/music">
            <Field name="title" label={say(look.lang, 'Title', 'Titre')} error={errors.title} required />
            <Field
              name="barcode"
              label="UPC/EAN"
              note={say(look.lang, 'optional', 'facultatif')}
              error={errors.barcode}
              value="0123456789018"
              inputmode="numeric"
            />
            <Field
              name="date"
              type="date"
              label={say(look.lang, 'Date', 'Date')}
              hint={say(look.lang, 'When it first came out.', 'Jour de la première parution.')}
            />
            <Select
              name="kind"
              label={say(look.lang, 'Kind', 'Forme')}
              value="ep"
              options={[
                { value: 'album', label: 'Album' },
                { value: 'ep', label: 'EP' },
              ]}
            />
            <Radios
              name="seen"
              label={say(look.lang, 'Who sees it', 'Qui la voit')}
              value="draft"
              options={[
                { value: 'draft', label: say(look.lang, 'Only you', 'Personne d’autre que vous') },
                {
                  value: 'unlisted',
                  label: say(look.lang, 'Whoever has the link', 'Qui a le lien'),
                  hint: say(look.lang, 'You can take the link back.', 'Vous pourrez reprendre le lien.'),
                },
                { value: 'public', label: say(look.lang, 'Everyone', 'Tout le monde') },
              ]}
            />
            <Checkbox name="stream" checked label={say(look.lang, 'Can be played', 'S’écoute en ligne')} />
            <TextArea name="story" label={say(look.lang, 'Its story', 'Son histoire')} />
            <FileField name="cover" label={say(look.lang, 'Sleeve', 'Pochette')} accept="image/*" />
            <p class="actions">
              <Button>{say(look.lang, 'Save', 'Enregistrer')}</Button>
              <Button kind="plain" href="/studio">
                {say(look.lang, 'Leave', 'Quitter')}
              </Button>
              <Button kind="danger">{say(look.lang, 'Withdraw', 'Retirer')}</Button>
            </p>
          </Form>
        </StudioLayout>
      )
    },
  },
  {
    name: 'studio-empty',
    render: (look) => (
      <StudioLayout
        {...around(pageOf(look), 'music')}
        title={say(look.lang, 'Music', 'Musique')}
        notice={say(look.lang, 'The draft is gone.', 'Le brouillon est supprimé.')}
      >
        <h1>{say(look.lang, 'Music', 'Musique')}</h1>
        <Empty
          title={say(look.lang, 'Your releases will be here', 'Vos parutions seront ici')}
          action={<Button href="/studio/music/new">{say(look.lang, 'Add an album', 'Ajouter un album')}</Button>}
        >
          <p>
            {say(
              look.lang,
              'Drop a folder of recordings: their tags and pictures are read for you.',
              'Déposez un dossier d’enregistrements : leurs étiquettes et leurs images sont lues pour vous.',
            )}
          </p>
        </Empty>
      </StudioLayout>
    ),
  },
]
