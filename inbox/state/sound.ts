const LENGTH_S = 0.25;

let context: AudioContext | null = null;

/** Plays two short soft tones, in one tab of this browser only. */
export async function playSound(): Promise<void> {
  await navigator.locks.request('inbox-sound', { ifAvailable: true }, async (lock) => {
    if (lock === null) return;
    context ??= new AudioContext();
    tone(context, 660, 0);
    tone(context, 880, LENGTH_S / 2);
    // Keeps the lock while other tabs hear of the same message.
    await new Promise((resolve) => {
      setTimeout(resolve, 1_500);
    });
  });
}

function tone(audio: AudioContext, frequency: number, after: number): void {
  const oscillator = audio.createOscillator();
  const volume = audio.createGain();
  const start = audio.currentTime + after;
  oscillator.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(0.08, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + LENGTH_S);
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start(start);
  oscillator.stop(start + LENGTH_S);
}
