import { formats } from '../../../platform/i18n/index.ts'
import { Button, Form } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import { GiftList } from '../../exchange/index.ts'
import { can, senderId, senderThing, zoneAt } from '../../identity/index.ts'
import { sequencePath } from '../paths.rules.ts'
import type { Plan } from '../plan.rules.ts'
import { MOST_SHOWN, type Sent, type Underway } from '../sequence.views.ts'
import type { RunState } from '../tables.ts'
import { words } from '../words.ts'
import { SequenceFrame } from './frame.tsx'
import type { Shown } from './laid-page.tsx'
import { stepText, type Titles } from './step-text.ts'

type Gifts = Pick<Parameters<typeof GiftList>[0], 'gifts' | 'facts'> & {
  /** Something of it stands with artists whose returns this person may not see. */
  hidden: boolean
}

type Props = Shown & {
  counts: { state: RunState; people: number }[]
  sent: Sent[]
  /** What came back; null for who may not see it. */
  gifts: Gifts | null
  /** Those on their way; null for who may not know who the fans are. */
  underway: Underway[] | null
  plans: ReadonlyMap<number, Plan>
  titles: Titles
}

const STATES = ['walking', 'finished', 'stopped', 'left', 'off', 'passed', 'merged', 'erased'] as const

/** Who is on their way, what was given, what came back. */
export const PeoplePage = ({
  c,
  sequence,
  last,
  walking,
  notice,
  counts,
  sent,
  gifts,
  underway,
  plans,
  titles,
}: Props) => {
  const page = c.get('page')
  const { lang } = page
  const t = words(lang)
  const { number, dateTime } = formats(lang)
  const zone = zoneAt(c, senderId(sequence.sender))
  const rows = STATES.flatMap((state) => counts.filter((one) => one.state === state && one.people > 0))
  const next = ({ version, step }: Underway) => {
    const one = plans.get(version)?.steps[step]
    return one ? stepText(one, titles, lang).text : t('underway_end')
  }
  const when = ({ dueAt, waitsFor }: Underway) => {
    const at = dateTime(dueAt, zone)
    return waitsFor ? t(`underway_${waitsFor}`, { at }) : at
  }
  return (
    <SequenceFrame c={c} sequence={sequence} walking={walking} section="people" notice={notice}>
      {rows.length === 0 ? (
        <p class="quiet">{t('people_none')}</p>
      ) : (
        <Table
          lang={lang}
          caption={t('counts_caption')}
          rows={rows}
          columns={[
            { label: t('count_state'), cell: ({ state }) => t(`count_${state}`) },
            { label: t('count_people'), numeric: true, cell: ({ people }) => number(people) },
          ]}
        />
      )}
      {sequence.state === 'on' && can(c.get('actor'), 'announce.send', senderThing(sequence.sender)) && (
        <Form page={page} action={sequencePath(sequence.id, 'off')}>
          <p class="hint">{t('off_words')}</p>
          <Button kind="plain">{t('off_button')}</Button>
        </Form>
      )}
      {sent.length > 0 && (
        <section>
          <h2>{t('given_title')}</h2>
          <Table
            lang={lang}
            caption={t('sent_caption')}
            captionHidden
            rows={sent}
            columns={[
              { label: t('sent_give'), cell: ({ title }) => title || t('step_unwritten') },
              { label: t('sent_waiting'), numeric: true, cell: ({ waiting }) => number(waiting) },
              { label: t('sent_handed'), numeric: true, cell: ({ handed }) => number(handed) },
              { label: t('sent_lost'), numeric: true, cell: ({ lost }) => number(lost) },
              { label: t('sent_not'), numeric: true, cell: (row) => number(row.not) },
            ]}
          />
          {gifts && gifts.gifts.length > 0 && (
            <>
              <p class="lead">{t('given_words')}</p>
              <GiftList lang={lang} zone={zone} gifts={gifts.gifts} facts={gifts.facts} captionHidden />
            </>
          )}
          {gifts?.hidden && <p class="quiet">{t('given_hidden')}</p>}
        </section>
      )}
      {underway && underway.length > 0 && (
        <section>
          <h2>{t('underway_title')}</h2>
          <Table
            lang={lang}
            caption={t('underway_caption')}
            captionHidden
            rows={underway}
            columns={[
              {
                label: t('underway_who'),
                cell: ({ name }) => name || t('no_name'),
              },
              {
                label: t('underway_next'),
                cell: (one) => (
                  <>
                    {next(one)}
                    {one.version !== last.number && <small> ({t('underway_version', { n: one.version })})</small>}
                  </>
                ),
              },
              { label: t('underway_when'), cell: when },
            ]}
          />
          {underway.length === MOST_SHOWN && walking > MOST_SHOWN && (
            <p class="quiet">{t('underway_more', { n: MOST_SHOWN })}</p>
          )}
        </section>
      )}
    </SequenceFrame>
  )
}
