export const pressPath = (slug: string): string => `/${slug}/press`
