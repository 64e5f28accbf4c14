import { Button, Checkbox, ErrorSummary, Field, type FieldErrors, Form, TextArea } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import type { KeptPicture } from '../kept-pictures.ts'
import { operationPath } from '../paths.rules.ts'
import { MOST_MEGABYTES } from '../public/entry-form.tsx'
import { OwnAddress, PictureField, Prose, Trap } from '../public/parts.tsx'
import { missionWords } from '../words.ts'
import { MOST_ABOUT, MOST_TEXT } from './mission.rules.ts'
import type { Mission, Task } from './mission.views.ts'
import { howTo, Reading, taskPath } from './public-page.tsx'
import { languageName, type Titles } from './task-text.ts'

export type DoneTyped = {
  name: string
  text: string
  link: string
  town: string
  alt: string
  mail: string
  accept: boolean
  /** A photo that came with a form that had an error elsewhere: kept, so that it need not be sent again. */
  kept: Pick<KeptPicture, 'token' | 'src'> | null
}
export const NOTHING_DONE: DoneTyped = {
  ...{ name: '', text: '', link: '', town: '', alt: '', mail: '', accept: false, kept: null },
}

type Props = {
  page: Page
  mission: Mission
  task: Task
  titles: Titles
  isKnown: boolean
  typed?: DoneTyped | undefined
  errors?: FieldErrors | undefined
}

/** Where somebody does what is asked. */
export const TaskForm = ({ page, mission, task, titles, isKnown, typed = NOTHING_DONE, errors = {} }: Props) => {
  const { lang } = page
  const t = missionWords(lang)
  const { kind } = task
  const said = (name: 'name' | 'text' | 'link' | 'town' | 'alt') => ({ name, value: typed[name], error: errors[name] })
  return (
    <div class="contest">
      <p class="facts">
        <a href={operationPath(mission.artistSlug, mission.slug)}>{mission.title}</a>
      </p>
      {task.words && <Prose text={task.words} lang={mission.language} />}
      <p>{howTo(mission, task, titles, lang)}</p>
      <Reading task={task} titles={titles} lang={lang} />
      <Form
        page={page}
        action={`${taskPath(mission, task.id)}?lang=${lang}`}
        files={kind === 'poster'}
        class="join"
        novalidate
      >
        <ErrorSummary errors={errors} lang={lang} />
        {kind === 'poster' && (
          <>
            <PictureField
              kept={typed.kept}
              words={{ kept: t('photo_kept'), label: t('field_photo'), hint: t('photo_hint', { n: MOST_MEGABYTES }) }}
              error={errors['picture']}
            />
            <Field
              {...said('alt')}
              label={t('field_alt')}
              hint={t('alt_hint')}
              maxlength={500}
              autocomplete="off"
              required
            />
            <Field
              {...said('town')}
              label={t('field_town')}
              note={t('optional')}
              maxlength={80}
              autocomplete="address-level2"
            />
          </>
        )}
        {kind === 'write' && (
          <>
            <Field
              {...said('link')}
              type="url"
              label={t('field_link')}
              hint={t('link_hint')}
              maxlength={500}
              autocomplete="off"
              required
            />
            <TextArea {...said('text')} label={t('field_about')} note={t('optional')} rows={3} maxlength={MOST_ABOUT} />
          </>
        )}
        {kind === 'translate' && (
          <TextArea
            {...said('text')}
            label={t('field_translation', { into: languageName(task.language, lang) })}
            rows={14}
            maxlength={MOST_TEXT}
            lang={task.language ?? undefined}
            required
          />
        )}
        {kind !== 'bring' && (
          <Field
            {...said('name')}
            label={t('field_name')}
            note={t('optional')}
            hint={t('name_hint')}
            autocomplete="name"
            maxlength={100}
          />
        )}
        <OwnAddress
          lang={lang}
          known={isKnown ? t('known') : null}
          hint={t('mail_hint', { artist: mission.artistName })}
          value={typed.mail}
          error={errors['mail']}
        />
        {(kind === 'poster' || kind === 'translate') && (
          <Checkbox
            name="accept"
            label={t(`accept_${kind}`, { artist: mission.artistName })}
            checked={typed.accept}
            error={errors['accept']}
            required
          />
        )}
        <Trap lang={lang} />
        <Button>{t(kind === 'bring' ? 'do_bring' : 'send')}</Button>
      </Form>
    </div>
  )
}
