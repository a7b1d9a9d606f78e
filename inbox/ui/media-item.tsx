import { useEffect, useRef, useState } from 'preact/hooks';
import type { MediaLink, MediaSummary, Message } from '../../lambdas/inbox/api';
import { call } from '../api/client';
import { fileSize } from '../logic/time';
import { announce } from '../state/announcer';
import { texts } from '../texts';
import { IconButton } from './button';
import { Icon } from './icon';

interface MediaItemProps {
  readonly message: Message;
  readonly media: MediaSummary;
}

/** A picture, shown at its own ratio, or a file to download. */
export function MediaItem(props: MediaItemProps) {
  return props.media.kind === 'image' ? <Picture {...props} /> : <FileLink {...props} />;
}

function askLink({ message, media }: MediaItemProps): Promise<MediaLink> {
  return call('media', {
    params: { chatSid: message.chatSid, messageSid: message.sid, mediaSid: media.sid },
  });
}

function Picture(props: MediaItemProps) {
  const [url, setUrl] = useState<string | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const renewals = useRef(0);
  const picture = useRef<HTMLButtonElement>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  const name = props.media.filename ?? texts.picture;

  const ask = async () => {
    setFailed(false);
    try {
      setUrl((await askLink(props)).url);
    } catch {
      setFailed(true);
    }
  };
  useEffect(() => {
    const element = picture.current;
    if (element === null) return;
    // Near the view only: a page of a chat may hold 40 pictures, each of which is a request.
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting !== true) return;
        observer.disconnect();
        void ask();
      },
      { root: element.closest('.log'), rootMargin: '600px 0px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [props.media.sid]);
  // The address lasts for minutes; a picture that is loaded later needs a new one.
  const renew = () => {
    renewals.current += 1;
    if (renewals.current > 2) setFailed(true);
    else void ask();
  };

  const download = useDownload(props);

  if (hasFailed) {
    return (
      <button type="button" class="media-failed" onClick={() => void ask()}>
        <Icon name="picture" /> {texts.mediaFailed} <u>{texts.tryAgain}</u>
      </button>
    );
  }
  return (
    <>
      <button
        ref={picture}
        type="button"
        class={`picture ${url === null ? 'skeleton' : ''}`}
        aria-label={`${texts.openPicture}: ${name}`}
        onClick={() => dialog.current?.showModal()}
      >
        {url !== null && (
          <img src={url} alt={name} loading="lazy" referrerpolicy="no-referrer" onError={renew} />
        )}
      </button>
      <dialog ref={dialog} class="picture-dialog" aria-label={name}>
        <div class="picture-dialog-head">
          <span>{name}</span>
          {download.hasFailed && <strong role="alert">{texts.mediaFailed}</strong>}
          <IconButton icon="download" label={texts.downloadFile(name)} onClick={download.start} />
          <IconButton icon="clear" label={texts.close} onClick={() => dialog.current?.close()} />
        </div>
        {url !== null && <img src={url} alt={name} referrerpolicy="no-referrer" />}
      </dialog>
    </>
  );
}

function FileLink(props: MediaItemProps) {
  const download = useDownload(props);
  const { media } = props;
  const name = media.filename ?? texts.unnamedFile;
  const facts = [media.contentType, ...(media.size === null ? [] : [fileSize(media.size)])];
  return (
    <button type="button" class="file" aria-label={texts.downloadFile(name)} onClick={download.start}>
      <Icon name="file" size={24} />
      <span class="file-words">
        <span class="file-name">{name}</span>
        <span class="hint">{download.hasFailed ? texts.mediaFailed : facts.join(' · ')}</span>
      </span>
      <Icon name="download" />
    </button>
  );
}

/** A download, and whether the last one failed: shown at its button, as a notice would be behind a dialog. */
function useDownload(props: MediaItemProps) {
  const [hasFailed, setFailed] = useState(false);
  const start = () => {
    setFailed(false);
    saveFile(props).catch(() => {
      setFailed(true);
      announce(texts.mediaFailed);
    });
  };
  return { hasFailed, start };
}

/** Hands a file to the browser's downloads; it is never opened in the app. */
async function saveFile(props: MediaItemProps): Promise<void> {
  const { url } = await askLink(props);
  const link = document.createElement('a');
  link.href = url;
  link.download = props.media.filename ?? '';
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
  link.click();
}
