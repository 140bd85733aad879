"""Contraries: words of which one excludes the other, by what they say of a thing: more and less, up and down."""

from __future__ import annotations

# A line each: the words of one side, then those of the other.
_ROWS = """
first | last
before | after
above over | below under beneath
more | fewer less
most | least
higher taller upper | lower
highest tallest | lowest
high | low
larger bigger greater | smaller
largest biggest greatest | smallest
large big huge | small little tiny
longer | shorter
longest | shortest
long lengthy | brief short
stronger | weaker
strong | weak
heavier | lighter
heavy | light
faster quicker | slower
fast quick rapid | slow
quickly rapidly swiftly | slowly
earlier sooner | later
earliest | latest
early | late
older | younger
oldest | youngest
old | young
new | old
nearer closer | farther further
near close | far distant
better | worse
best | worst
good | bad poor
richer | poorer
rich wealthy | poor
warmer hotter | colder cooler
warm hot | cold cool
safer | riskier
safe | unsafe dangerous
safely | dangerously
cheaper | dearer costlier
cheap inexpensive | expensive costly
twice double doubled tripled | half halved
inside within indoors | outside beyond outdoors
maximum | minimum
rose rise rising increase increased grew grow climbed soared jumped | fell fall falling decrease decreased declined
rose rise rising increase increased grew grow climbed soared jumped | dropped sank slumped plunged tumbled
raised raise raising boosted hiked | lowered lower lowering cut cutting reduced reducing slashed slashing trimmed
expand expanded expanding | limit limited shrink shrunk cut
accelerated accelerating sped | slowed slowing decelerated
won win winning | lost lose losing
accepted approved agreed backed supported | rejected refused opposed denied condemned dismissed
welcomed embraced endorsed | rejected refused opposed condemned dismissed
supports backs favors favours endorses | opposes rejects
support favor favour | oppose
praised hailed applauded | criticized criticised condemned slammed blasted
allowed allows permitted permits | banned bans forbade prohibited prohibits barred bars
encouraged encouraging urged | discouraged discouraging
opened open reopened | closed shut
began begun started | ended stopped finished ceased
bought buy purchased | sold sell
hired appointed | fired sacked dismissed
joined | left quit
arrived arrives | departed left leaves departs
entered | left exited
added | removed
borrowed | lent loaned
survived alive | died dead killed
guilty convicted | innocent acquitted cleared
legal lawful | illegal unlawful
felony felonies | misdemeanor misdemeanors
confirmed | denied
true accurate correct | false inaccurate incorrect wrong
success successful succeeded | failure unsuccessful failed
northern north | southern south
eastern east | western west
northeast northeastern | southwest southwestern
northwest northwestern | southeast southeastern
left-hand | right-hand
left | right
widened wider | narrowed narrower
wide broad | narrow
strengthened | weakened
improved improving | worsened worsening deteriorated
majority | minority
increasing | decreasing
import imports imported | export exports exported
domestic | foreign overseas
public | private
urban | rural
always | never
often frequently | rarely seldom
commonly usually | rarely seldom
common | rare
everyone everybody | nobody
day daytime | night nighttime
morning | evening
male man boy men boys | female woman girl women girls
father son brother husband uncle | mother daughter sister wife aunt
king prince | queen princess
temporary temporarily | permanent permanently
voluntary optional | mandatory compulsory required
partial partially partly | complete completely total fully
positive | negative
optimistic | pessimistic
calm | stormy turbulent
wet | dry
rain | sun sunshine
full | empty
public publicly openly | secret secretly privately
easy easier easily | difficult hard harder
simple | complex complicated
same identical | different
similar | different
unanimous unanimously | divided
ally allies | enemy enemies
friend friends | enemy enemies foe foes
profit profits | loss losses
surplus | deficit
demand | supply
shortage | surplus glut
ancestor ancestors | descendant descendants
teacher teachers | student students pupils
buyer buyers | seller sellers
landlord landlords | tenant tenants renters
employer employers | employee employees
victim victims | suspect suspects perpetrator perpetrators
plaintiff plaintiffs | defendant defendants
defense defence | prosecution
peace | war
victory win | defeat loss
attack attacked | defend defended
advance advanced | retreat retreated
deflate deflation | inflation
ahead | behind
upstairs | downstairs
visible | invisible
known | unknown
likely | unlikely
possible | impossible
able | unable
healthy | sick ill unhealthy
vaccinated | unvaccinated
armed | unarmed
married | divorced unmarried
employed | unemployed
paid | unpaid
expected | unexpected
official officially | unofficial unofficially
liberal liberals | conservative conservatives
optional | obligatory
hottest warmest | coldest coolest
wettest | driest
busiest | quietest
widest | narrowest
strongest | weakest
fastest quickest | slowest
richest wealthiest | poorest
friendly | hostile
tighten tightened tightening | loosen loosened eased easing relaxed
released freed | detained jailed imprisoned arrested
gain gains | loss losses
upper | lower
senior | junior
single | married
winner winners | loser losers
top | bottom
front | back rear
forward | backward
past | future
previous | next following
ancient | modern
smooth | rough
thick | thin
deep | shallow
deeper | shallower
deepest | shallowest
bright brighter | dim dimmer dark darker
loud louder | quiet quieter
tight | loose
cautious careful | reckless careless
generous | stingy
popular | unpopular
"""

CONTRARIES = tuple(
    (tuple(left.split()), tuple(right.split()))
    for left, _, right in (row.partition(" | ") for row in _ROWS.strip().splitlines())
)
