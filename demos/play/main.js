// Puts the three levers to work.

translatePage();
const engine = new Engine();
const about = await engine.ask("about");
if (about.error) say("broken", { why: about.error });
usePalette(about.colours);
await startTrained(engine, about);
const look = startScheme(engine, about);
const curve = startTraining(about);

globalThis.play = { engine, look, curve };    // for the console, and for the tests
