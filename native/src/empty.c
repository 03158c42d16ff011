typedef int tb_nothing;
