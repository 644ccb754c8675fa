/** The layout of the live picture. */
import { css } from 'lit';

export const liveStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1.1rem;
  }
  .flow {
    display: grid;
    grid-template-columns: 7rem minmax(0, 1fr) minmax(12rem, 15rem);
    gap: 1rem 1.4rem;
    align-items: center;
  }
  .flow:not(:has(.image)) {
    grid-template-columns: minmax(0, 1fr) minmax(12rem, 15rem);
  }
  .flow:not(:has(.says)) {
    grid-template-columns: minmax(0, 1fr);
  }
  figcaption {
    margin-top: 0.3rem;
    text-align: center;
  }
  .says {
    max-width: 32rem;
  }
  .verdict {
    font-size: 0.95rem;
  }
  .net.old {
    filter: grayscale(1);
    opacity: 0.45;
  }
  .sees {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 9rem), 1fr));
    gap: 1rem 1.4rem;
  }
  h3 {
    margin-bottom: 0.5rem;
    font-size: 0.87rem;
    overflow-wrap: anywhere;
  }
  h3 .soft {
    font-weight: 400;
  }
  .flow:has(.image):not(:has(.net)) {
    grid-template: 'image says' auto / 7rem minmax(0, 1fr);
  }
  @container (max-width: 34rem) {
    .sees > :nth-child(3) {
      grid-column: 1 / -1;
    }
  }
  @container (max-width: 58rem) {
    .flow {
      grid-template: 'image says' auto 'net net' auto / 7rem minmax(0, 1fr);
    }
    .flow:not(:has(.image)),
    .flow:not(:has(.says)) {
      grid-template: 'says' auto 'net' auto / minmax(0, 1fr);
    }
    .image {
      grid-area: image;
    }
    .says {
      grid-area: says;
    }
    .net {
      grid-area: net;
    }
  }
`;
