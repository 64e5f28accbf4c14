/** The picture of what was taken down, as whoever may show it again sees it. */
export const HeldPicture = ({ src, alt }: { src: string; alt: string }) => (
  <img src={src} alt={alt} class="held-picture" loading="lazy" />
)
