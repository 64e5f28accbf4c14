export const invitationHref = (id: string): string => `/studio/invitations/${id}`

/** The sign-in page, which leads on to `next`. */
export const signInHref = (next: string): string => `/studio/sign-in?next=${encodeURIComponent(next)}`
