"""The words of any support desk: which say nothing, which belong together, which mean the same."""

from __future__ import annotations

STOP = """
a about after again ago aint all almost already also always am an and any anybody anyone anything
are arent around as ask asked asking at away back be because been before being both but by can
cannot cant could couldnt currently dear did didnt do does doesnt doing done dont down each either
else etc even evening ever every everything exactly few find for from further generally get gets
getting give go goes going gone got had hadnt happen happened happening happens has hasnt have
havent having he hello help her here hes hey hi him his how however hows i id if ill im in into is
isnt it its itself ive just keep kindly know let like little ll look looking lot made make makes
making many may maybe me mean might more morning most much must my myself need needed needs no not
now of off ok okay on once one ones only or other our ours out over own per perhaps please pls
possible put question quite rather re really right said same say see seem seems shall she shes
should shouldnt show since sir so some somebody someone something still such sure take taken takes
tell than thank thanks that thats the their them then there theres these they theyre thing things
this tho those though through thru to today tomorrow tonight too try trying u under until up upon ur
us use used using ve very via wanna want wanted wants was wasnt way we well went were werent what
whatever whats when whenever where wheres whether which while who whole whom whose why will wish
with within without wont work working works would wouldnt ya yeah yes yesterday yet you your yours
yourself
"""
"""Words left out of a search. Negations too: "not" says how somebody feels, not what about."""

PHRASES = """
log … in = login
log on = login
sign in = login
log … out = logout
sign out = logout
sign … up = signup
top … up = topup
pay in = topup
put … in = topup
cash … out = cashout
take … out = cashout
get … out = cashout
pay out = payout
get … back = refund
give … back = refund
turn … on = enable
switch … on = enable
turn … off = disable
switch … off = disable
pass away = die
set … up = setup
two factor = 2fa
2 factor = 2fa
two step = 2fa
2 step = 2fa
second factor = 2fa
e mail = email
web site = website
pass code = passcode
pass word = password
user name = username
phone number = phone
mobile number = phone
cell phone = phone
how much = howmuch
how long = howlong
"""
"""Two words that mean one thing; "…" lets a few others stand between ("take all of it out")."""

IRREGULAR = """
withdrawal withdrawals withdrew withdrawn withdrawl withdrawls withdrawel = withdraw
bought = buy
sold = sell
paid = pay
sent = send
lost = lose
stole stolen = steal
forgot forgotten = forget
froze frozen = freeze
broken broke = break
spent = spend
chose chosen = choose
took taken = take
got gotten getting = get
gave given giving = give
putting = put
went gone = go
taxes = tax
deletion = delete
removal = remove
approval = approve
renewal = renew
transferred transferring = transfer
referred referring referral referrals = refer
daily = day
weekly = week
monthly = month
yearly annual annually = year
died dying = die
"""
"""Forms that no ending explains, and misspellings that are more common than a typing error."""

SYNONYMS = """
cancel terminate stop discontinue abort
close delete remove erase deactivate cancel
change update edit modify amend correct switch alter
add link connect attach
problem issue trouble error fault bug wrong
crash freeze hang stuck slow lag load
fail decline reject refuse unsuccessful deny
block lock suspend restrict freeze
enable activate setup start
disable deactivate stop
missing lose disappear absent vanish
steal fraud hack compromise scam phishing fraudster
suspicious phishing fraud fake
unauthorised unauthorized
break damage defective faulty
money cash fund amount
topup deposit load fund
withdraw cashout payout
pay charge bill debit deduct
fee charge cost price commission rate howmuch expensive
refund reimburse chargeback reverse
buy purchase order trade
sell liquidate trade
send transfer move wire
receive arrive get reach deliver show
statement document report certificate letter paper
invoice receipt bill
portfolio holding investment position
performance return gain profit growth result doing
loss lose drop fall
share stock equity
dividend payout distribution
password passcode passphrase pin
forget remember
login access enter
signup register join open enrol enroll registration create
2fa authenticator otp mfa code
verify confirm identity identification kyc prove proof validate
id passport licence license
email mail inbox
phone mobile telephone smartphone handset
address residence home house
name surname
website site page browser
app application software
photo picture image selfie
upload submit attach
download export save print
complaint complain dissatisfied unhappy
human person agent representative operator adviser team
contact reach support help helpline
hour open schedule time
howlong duration time day
late delay pending slow overdue wait
limit maximum minimum cap max min smallest least lowest largest most highest
currency euro dollar pound exchange foreign
abroad overseas foreign international travel country
parcel package shipment delivery
ship shipping deliver delivery dispatch
return exchange
discount coupon voucher promo promotion offer
bonus reward refer
subscription plan membership
settings preference option setup
notification alert reminder push
tax irs hmrc
child kid minor son daughter
wife husband spouse partner joint
mother father mum dad parent
die death dead deceased bereavement inheritance
job career vacancy hire
safe secure security protect safety
information detail data
holiday vacation
salary wage paycheck income
city town
car vehicle
doctor physician
"""
"""What customers call the same thing, one group a line. A word may be in several groups."""
