# Steers fusiond from Sonic Pi: paste into a buffer and run. fusiond makes the notes, the loops turn
# its controls. Sonic Pi hears the answers and streams as cues, below /osc.
use_osc "127.0.0.1", 9700

osc "/fusiond/weight/*", 0        # a pattern: all of them
osc "/fusiond/weight/jazz", 8
osc "/fusiond/ramp", 2            # changes take two beats
osc "/fusiond/tempo", 120
osc "/fusiond/nonsense", 1        # refused; the cue log shows /fail and the reason

# Whom fusiond has not heard of for a minute it tells nothing more.
live_loop :subscription do
  osc "/fusiond/subscribe"
  sleep 20
end

# In time with fusiond: its first beat of the bar leads, this loop follows.
live_loop :bar do
  use_real_time
  number, beat = sync "/osc*/fusiond/beat"
  if beat == 0
    osc "/fusiond/weight/folk", rrand(0, 10)
    osc "/fusiond/temperature", [0.8, 1.1, 1.4].choose
  end
end

# Play along: a fifth above each of its notes.
live_loop :echo do
  use_real_time
  pitch, velocity, channel, beats = sync "/osc*/fusiond/note"
  synth :pluck, note: pitch + 7, amp: velocity / 127.0
end

# A sweep of its own, in this loop's time.
live_loop :sweep do
  use_bpm 120
  (line 0, 8, steps: 16).mirror.each do |weight|
    osc "/fusiond/weight/pop", weight
    sleep 1
  end
end
