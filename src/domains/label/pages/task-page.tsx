import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { Button, ErrorSummary, type FieldErrors, Form } from '../../../ui/forms.tsx'
import { type SenderAtDesk, StudioPage, type WebEnv } from '../../identity/index.ts'
import type { Typed } from '../task.form.ts'
import type { Choices, Task } from '../tasks.views.ts'
import { words } from '../words.ts'
import { TaskFields } from './task-fields.tsx'
import { tasksHref } from './tasks-page.tsx'

type Props = {
  c: Context<WebEnv>
  own: SenderAtDesk
  task: Task
  choices: Choices
  typed: Typed
  errors?: FieldErrors | undefined
  notice: Child
}

export const TaskPage = ({ c, own, task, choices, typed, errors, notice }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const whose = task.artistId ? { artistId: task.artistId } : { labelId: task.labelId ?? undefined }
  return (
    <StudioPage c={c} title={t('task')} current="tasks" notice={notice} {...whose}>
      <h1>{t('task')}</h1>
      <ErrorSummary errors={errors} lang={page.lang} />
      <Form page={page} action={tasksHref(own, 'day', `/${task.id}`)} novalidate>
        <input type="hidden" name="version" value={task.version} />
        <TaskFields c={c} choices={choices} typed={typed} errors={errors} />
        <p class="actions">
          <Button>{t('save')}</Button>
          <Button kind="plain" href={tasksHref(own)}>
            {t('back')}
          </Button>
          <Button kind="quiet" formaction={tasksHref(own, 'day', `/${task.id}/remove`)}>
            {t('remove')}
          </Button>
        </p>
      </Form>
    </StudioPage>
  )
}
