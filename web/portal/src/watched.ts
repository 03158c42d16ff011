/**
 * For a film that this browser may show and cannot take apart: it is shown to nobody, from moment to moment, and what
 * is seen goes to the film worker. Less exact than a film's own luma, by a few bits.
 */

const MOST_MOMENTS = 600;

/** Gives each whole second and what is shown then; throws where the browser cannot show the film either. */
export async function* seen(film: Blob): AsyncGenerator<{ at: number; of: number; bitmap: ImageBitmap }> {
  const video = document.createElement('video');
  const address = URL.createObjectURL(film);
  try {
    video.muted = true;
    video.preload = 'auto';
    video.src = address;
    await happened(video, 'loadeddata');
    if (!Number.isFinite(video.duration) || video.videoWidth === 0) throw new Error('there is nothing to see');
    let step = 1;
    while (video.duration / step > MOST_MOMENTS) step *= 2;
    for (let at = 0; at < video.duration; at += step) {
      video.currentTime = at;
      await happened(video, 'seeked');
      const bitmap = await createImageBitmap(video, { colorSpaceConversion: 'none' });
      yield { at, of: video.duration, bitmap };
    }
  } finally {
    video.removeAttribute('src');
    URL.revokeObjectURL(address);
  }
}

function happened(video: HTMLVideoElement, event: 'loadeddata' | 'seeked'): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error('the browser cannot show it'));
    const timer = setTimeout(fail, LONGEST_WAIT_MS);
    const then = () => {
      clearTimeout(timer);
      resolve();
    };
    video.addEventListener(event, then, { once: true });
    video.addEventListener('error', fail, { once: true });
  });
}

const LONGEST_WAIT_MS = 20_000;
