/** Two short tones, in one tab only; chat.js fetches this file when it first has a reason to ring. */
(() => {
  "use strict";

  async function play() {
    const audio = new AudioContext();
    const level = new GainNode(audio, { gain: 0.05 });
    level.connect(audio.destination);
    for (const part of [0, 1]) {
      const tone = new OscillatorNode(audio, { frequency: 660 + 220 * part });
      tone.connect(level);
      tone.start(audio.currentTime + part * 0.13);
      tone.stop(audio.currentTime + part * 0.13 + 0.12);
    }
    await new Promise((resolve) => setTimeout(resolve, 800));
    await audio.close();
  }

  function ring() {
    navigator.locks
      ?.request("helpdesk-chime", { ifAvailable: true }, (lock) => lock && play())
      .catch(play); // a frame without storage has no locks
  }

  document.addEventListener("helpdesk:chime", ring);
  ring();
})();
