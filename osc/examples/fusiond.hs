-- Steers fusiond from TidalCycles: in place of, or beside, your BootTidal.hs.
--     ghci fusiond.hs        (or evaluate the blocks in your editor)
-- fusiond makes the notes, Tidal's patterns turn its controls, by messages with time tags. A cycle
-- is as long as a bar when both have the same tempo: setcps is beats per second over beats per bar.
:set -XOverloadedStrings
:set prompt ""
import Sound.Tidal.Context

:{
let fusiond = Target { oName = "fusiond", oAddress = "127.0.0.1", oPort = 9700, oLatency = 0.05,
                       oWindow = Nothing, oSchedule = Pre BundleStamp, oHandshake = False,
                       oBusPort = Nothing }
    -- A message whenever a pattern has all the values that its path and its list name.
    turn path name = OSC path $ ArgList [(name, Nothing)]
    paths = [ turn "/fusiond/weight/{genre}" "weight"
            , turn "/fusiond/tempo" "bpm"
            , turn "/fusiond/temperature" "temperature"
            , turn "/fusiond/density" "density"
            , turn "/fusiond/velocity" "velocity"
            , turn "/fusiond/scene/recall" "scene"
            ]
    genre = pS "genre"
    weight = pF "weight"
    bpm = pF "bpm"
    temperature = pF "temperature"
    density = pF "density"
    velocity = pF "velocity"
    scene = pS "scene"
:}

tidal <- startStream defaultConfig [(fusiond, paths)]
:{
let p = streamReplace tidal
    once = streamOnce tidal
    setcps value = once $ cps value
:}

setcps (120 / 60 / 4)

-- Then, for example:
--   p "genres" $ genre "jazz folk" # weight (range 0 10 sine)
--   p "density" $ density "<0 0.3 -0.3>"
--   p "scenes" $ slow 8 $ scene "<verse chorus>"
--   once $ bpm 132
