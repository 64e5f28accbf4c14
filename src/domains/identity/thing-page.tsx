import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { WebEnv } from './guard.ts'
import { StudioPage, type StudioPageProps } from './studio-page.tsx'

export type SectionLink = { href: string; label: Child; current: boolean }

type ThingPageProps = Omit<StudioPageProps, 'title'> & {
  c: Context<WebEnv>
  heading: string
  /** The page's own title, where it is not the thing's name. */
  title?: string | undefined
  back: { href: string; label: string }
  /** In what state it is, in a sentence. */
  state: string
  /** Its other pages, under the name that is read out for them. */
  sections?: { label: string; links: SectionLink[] } | undefined
}

/** What every page of one thing has around it: the way back, its name, its state, the way to its other pages. */
export const ThingPage = ({ heading, title, back, state, sections, children, ...rest }: ThingPageProps) => (
  <StudioPage {...rest} title={title ?? heading}>
    <p class="quiet">
      <a href={back.href}>{back.label}</a>
    </p>
    <h1 class="thing-name">{heading}</h1>
    <p class="quiet">{state}</p>
    {sections && (
      <nav class="actions steps" aria-label={sections.label}>
        {sections.links.map(({ href, label, current }) => (
          <a href={href} aria-current={current ? 'page' : undefined}>
            {label}
          </a>
        ))}
      </nav>
    )}
    {children}
  </StudioPage>
)
