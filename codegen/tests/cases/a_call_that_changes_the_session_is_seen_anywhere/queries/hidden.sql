-- name: many_parameters :many
SELECT set_config('app.user', 'x', false) AS x WHERE 1 IN (:p1::int, :p2::int, :p3::int, :p4::int, :p5::int, :p6::int, :p7::int, :p8::int, :p9::int, :p10::int, :p11::int, :p12::int, :p13::int, :p14::int, :p15::int, :p16::int, :p17::int, :p18::int, :p19::int, :p20::int, :p21::int, :p22::int, :p23::int, :p24::int, :p25::int, :p26::int, :p27::int, :p28::int, :p29::int, :p30::int, :p31::int, :p32::int, :p33::int, :p34::int, :p35::int, :p36::int, :p37::int, :p38::int, :p39::int, :p40::int, :p41::int, :p42::int, :p43::int, :p44::int, :p45::int, :p46::int, :p47::int, :p48::int, :p49::int, :p50::int, :p51::int, :p52::int, :p53::int, :p54::int, :p55::int, :p56::int, :p57::int, :p58::int, :p59::int, :p60::int, :p61::int, :p62::int, :p63::int, :p64::int, :p65::int, :p66::int, :p67::int, :p68::int, :p69::int, :p70::int, :p71::int, :p72::int, :p73::int, :p74::int, :p75::int, :p76::int, :p77::int, :p78::int, :p79::int, :p80::int, :p81::int, :p82::int, :p83::int, :p84::int, :p85::int, :p86::int, :p87::int, :p88::int, :p89::int, :p90::int, :p91::int, :p92::int, :p93::int, :p94::int, :p95::int, :p96::int, :p97::int, :p98::int, :p99::int, :p100::int, :p101::int);

-- name: in_array :many
SELECT (ARRAY[set_config('app.user', 'x', false)])[1] AS x;

-- name: in_order_of_aggregate :many
SELECT array_agg(id ORDER BY set_config('app.user', 'x', false)) AS x FROM a;

-- name: in_array_of_subquery :many
SELECT (ARRAY(SELECT set_config('app.user', 'x', false)))[1] AS x;

-- name: in_window_frame :many
SELECT count(*) OVER (ORDER BY id ROWS length(set_config('app.user', 'x', false)) PRECEDING) AS x FROM a;

-- name: in_tablesample :many
SELECT id FROM a TABLESAMPLE system (length(set_config('app.user', 'x', false)));

-- name: in_xmltable :many
SELECT t.x FROM xmltable('/a' PASSING CAST(set_config('app.user', 'x', false) AS xml) COLUMNS x text) t;

-- name: in_subscript :many
UPDATE a SET list[length(set_config('app.user', 'x', false))] = 1 WHERE id = 1 RETURNING id;
